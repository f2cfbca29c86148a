using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Outbound;

namespace Sekisho.Server.Tests.Outbound;

public sealed class SendingBookTests
{
    private static readonly CampaignMark File = new("file:1", "a.zip", IsFile: true);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private readonly OutboundOptions limits = new() { MaxMessages = 10, MaxRecipients = 25, MaxCampaign = 20 };
    private readonly SendingBook book;

    public SendingBookTests() => book = new SendingBook(time);

    [Fact]
    public void TheEleventhLetterOfAnHourIsABurst_AndToldOnce()
    {
        var entries = Enumerable.Range(0, 30).Select(_ => Send("nurse@hospital.test")).ToList();
        Assert.Equal(10, entries.FindIndex(e => e.Facts!.IsBurst));
        Assert.All(entries.Skip(10), e => Assert.True(e.Facts!.IsBurst));
        Assert.Equal([10], entries.Index().Where(e => e.Item.BurstBegins).Select(e => e.Index));
        Assert.False(Send("doctor@hospital.test").Facts!.IsBurst);
    }

    [Fact]
    public void RecipientsCountAsWellAsLetters()
    {
        Assert.False(Send("nurse@hospital.test", 25).Facts!.IsBurst);
        Assert.True(Send("nurse@hospital.test", 1).Facts is { IsBurst: true, Messages: 2, Recipients: 26 });
    }

    /// <summary>The hour slides: what is older than it no longer counts, what is younger does.</summary>
    [Fact]
    public void TheWindowSlides()
    {
        for (var i = 0; i < 10; i++)
        {
            Send("nurse@hospital.test");
            time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.True(Send("nurse@hospital.test").Facts!.IsBurst); // 50 minutes after the first
        time.Advance(TimeSpan.FromMinutes(16));
        Assert.True(Send("nurse@hospital.test").Facts is { Messages: 10, IsBurst: false }); // the first two are gone
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, Send("nurse@hospital.test").Facts!.Messages);
    }

    [Fact]
    public void ALetterIsCountedOnce_HoweverOftenItIsLookedAt()
    {
        var id = Guid.CreateVersion7();
        var at = time.GetUtcNow();
        var first = book.Enter(id, at, ["nurse@hospital.test"], ["a@clinic.test"], [File], limits);
        Assert.Same(first.Facts, book.Enter(id, at, ["nurse@hospital.test"], ["a@clinic.test"], [File], limits).Facts);
        book.Recall(id, at, ["nurse@hospital.test"], 1);
        Assert.Equal(2, Send("nurse@hospital.test").Facts!.Messages);

        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(book.Enter(id, at, ["nurse@hospital.test"], ["a@clinic.test"], [File], limits).Facts); // a second look at an old letter
        Assert.Equal(1, Send("nurse@hospital.test").Facts!.Messages);
    }

    /// <summary>A store that is down for ten minutes must not make a burst of letters that come again and again.</summary>
    [Fact]
    public void ALetterThatWasNotKept_DoesNotCount()
    {
        for (var i = 0; i < 100; i++)
        {
            var id = Guid.CreateVersion7();
            Assert.False(book.Enter(id, time.GetUtcNow(), ["nurse@hospital.test"], ["a@clinic.test"], [File], limits).Facts!.IsBurst);
            book.Forget(id);
            book.Forget(id);
        }

        Assert.Equal(1, Send("nurse@hospital.test").Facts!.Messages);
    }

    [Fact]
    public void WhatTheStoreRemembersCounts()
    {
        for (var i = 0; i < 10; i++)
        {
            book.Recall(Guid.CreateVersion7(), time.GetUtcNow() - TimeSpan.FromMinutes(30), ["nurse@hospital.test"], 1);
            book.Recall(Guid.CreateVersion7(), time.GetUtcNow() - TimeSpan.FromMinutes(61), ["doctor@hospital.test"], 1);
        }

        Assert.True(Send("nurse@hospital.test").Facts!.IsBurst);
        Assert.False(Send("doctor@hospital.test").Facts!.IsBurst);
        time.Advance(TimeSpan.FromMinutes(31));
        Assert.False(Send("nurse@hospital.test").Facts!.IsBurst);
    }

    [Fact]
    public void TheSameThingFromSeveralSenders_IsOneCampaign()
    {
        var entries = Enumerable.Range(0, 25).Select(n => Send($"sender{n % 3}@hospital.test", to: [$"r{n}@clinic.test"], marks: File)).ToList();
        Assert.Equal(20, entries.FindIndex(e => e.Facts!.IsCampaign));
        Assert.Equal((25, 3), (entries[^1].Facts!.Campaign!.Recipients, entries[^1].Facts!.Campaign!.Senders));
        Assert.Single(entries, e => e.CampaignBegins);
        Assert.DoesNotContain(entries, e => e.Facts!.IsBurst);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, Send("nurse@hospital.test", marks: File).Facts!.Campaign!.Recipients);
    }

    [Fact]
    public void TheSameFileToTheSamePeople_IsNoCampaign() =>
        Assert.All(Enumerable.Range(0, 100), n => Assert.False(Send($"sender{n}@hospital.test", to: [$"r{n % 20}@clinic.test"], marks: File).Facts!.IsCampaign));

    /// <summary>Whom it reached first is forgotten where there are too many, and it stays a campaign.</summary>
    [Fact]
    public void ACampaignWithoutEnd_StaysOneAndBounded()
    {
        for (var n = 0; n < 10_000; n++)
        {
            var facts = Send($"s{n}@hospital.test", to: [$"r{n}@clinic.test"], marks: File).Facts!;
            Assert.Equal(n >= 20, facts.IsCampaign);
            Assert.InRange(facts.Campaign!.Recipients, 1, 2001);
        }
    }

    /// <summary>Whoever sends ten thousands of different things does not push out of mind what goes to many.</summary>
    [Fact]
    public void ManyDifferentThings_DoNotHideACampaign()
    {
        for (var n = 0; n < 15; n++)
        {
            Send("nurse@hospital.test", to: [$"r{n}@clinic.test"], marks: File);
        }

        for (var n = 0; n < 60_000; n++)
        {
            Send($"s{n}@hospital.test", to: ["x@clinic.test"], marks: new CampaignMark($"file:other{n}", "x", IsFile: true));
        }

        Assert.Equal(16, Send("nurse@hospital.test", to: ["r15@clinic.test"], marks: File).Facts!.Campaign!.Recipients);
    }

    /// <summary>Whoever takes another MAIL FROM, or another From, each time is counted by the one that stays.</summary>
    [Fact]
    public void OfSeveralNamesTheOneNearestToItsLimitIsTold()
    {
        var entries = Enumerable.Range(0, 12).Select(n => Send($"x{n}@hospital.test nurse@hospital.test")).ToList();
        Assert.Equal(10, entries.FindIndex(e => e.Facts!.IsBurst));
        Assert.Equal(("nurse@hospital.test", 12), (entries[^1].Facts!.Sender, entries[^1].Facts!.Messages));
        Assert.Equal(1, Send("x99@hospital.test").Facts!.Messages);
        Assert.Single(entries, e => e.BurstBegins);

        // Forgotten under both names.
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, Send("x0@hospital.test nurse@hospital.test").Facts!.Messages);
    }

    [Fact]
    public void WhoMaySendMoreMaySendSoManyTimesMore()
    {
        var facts = Enumerable.Range(0, 21).Select(_ => book.Enter(Guid.CreateVersion7(), time.GetUtcNow(), ["[192.0.2.1]"], ["r@clinic.test"], [], limits, 2).Facts!).ToList();
        Assert.Equal(20, facts.FindIndex(f => f.IsBurst));
        Assert.Equal((20, 50), (facts[0].MaxMessages, facts[0].MaxRecipients));
    }

    private SendingBook.Entry Send(string sender, int recipients = 1, string[]? to = null, params CampaignMark[] marks) =>
        book.Enter(Guid.CreateVersion7(), time.GetUtcNow(), sender.Split(' '), to ?? [.. Enumerable.Range(0, recipients).Select(n => $"r{n}@clinic.test")], marks, limits);
}
