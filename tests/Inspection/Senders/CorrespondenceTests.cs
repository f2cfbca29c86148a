using System.Net;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class CorrespondenceTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly IPNetwork Usual = IPNetwork.Parse("192.0.2.0/24");
    private static readonly IPNetwork Other = IPNetwork.Parse("203.0.113.0/24");
    private static readonly RouteProof Proven = RouteProof.Author | RouteProof.Dkim | RouteProof.Spf;

    /// <summary>A year of 40 proven letters from one network, unless told otherwise.</summary>
    public static Correspondence Of(
        SenderRoute? route, int letters = 40, int days = 365, RouteProof proof = RouteProof.Author | RouteProof.Dkim | RouteProof.Spf, int networks = 1, bool sameSigner = false, bool ofDomain = false, int silent = 0)
    {
        var contact = new Contact(Today.AddDays(-days), Today.AddDays(-silent), null, letters, 0);
        var routes = Enumerable.Range(0, networks).Select(i => new UsualRoute(i == 0 ? Usual : IPNetwork.Parse($"198.51.{i}.0/24"), proof, sameSigner, Today.AddDays(-days), Today.AddDays(-silent), Math.Max(1, letters / networks))).ToList();
        return new Correspondence
        {
            Address = "a@clinic.example", Today = Today, Route = route, Recipients = 1, KnownRecipients = 1,
            Contact = ofDomain ? null : contact, Domain = contact, Routes = ofDomain ? [] : routes, DomainRoutes = routes,
        };
    }

    public static SenderRoute Way(bool other = true, RouteProof proof = RouteProof.None, string signer = "") => new(other ? Other : Usual, proof, signer);

    [Fact]
    public void AProvenHistoryAndAnUnprovenLetterFromElsewhere_IsFarOff()
    {
        Assert.Equal(RouteChange.Unproven, Of(Way()).RouteChange);
        Assert.Equal(RouteChange.Unproven, Of(Way(proof: RouteProof.Spf)).RouteChange); // somebody else's envelope proves nothing
        Assert.Equal(RouteChange.Unproven, Of(Way(proof: RouteProof.Dkim, signer: "other.example")).RouteChange);
    }

    /// <summary>The honest hard case: a partner who changes his provider.</summary>
    [Fact]
    public void ANewProviderThatAuthenticates_IsNoChange() => Assert.Equal(RouteChange.None, Of(Way(proof: Proven, signer: "provider.example")).RouteChange);

    [Theory]
    [InlineData(2, 365, RouteChange.None)] // hardly known
    [InlineData(3, 365, RouteChange.New)]
    [InlineData(9, 365, RouteChange.New)]
    [InlineData(10, 29, RouteChange.New)]
    [InlineData(10, 30, RouteChange.Unproven)]
    [InlineData(40, 2, RouteChange.None)] // two busy days are no habit
    public void TheLongerTheHistory_TheMoreItTells(int letters, int days, RouteChange expected) => Assert.Equal(expected, Of(Way(), letters, days).RouteChange);

    [Fact]
    public void AKnownNetwork_IsLess()
    {
        Assert.Equal(RouteChange.New, Of(Way(other: false)).RouteChange); // his own server forgot to sign, or a neighbour at his provider writes
        Assert.Equal(RouteChange.None, Of(Way(other: false), proof: RouteProof.None).RouteChange);
    }

    [Fact]
    public void TheSameSigner_IsTheSameWay() =>
        Assert.Equal(RouteChange.None, Of(Way(proof: RouteProof.Dkim, signer: "provider.example"), proof: RouteProof.Dkim, sameSigner: true).RouteChange);

    [Theory]
    [InlineData(1, 5, RouteChange.New)]
    [InlineData(2, 5, RouteChange.New)]
    [InlineData(3, 50, RouteChange.None)] // from everywhere: who knows
    [InlineData(1, 4, RouteChange.None)]
    public void AnUnprovenSenderWithOneNetwork_IsMissedThere(int networks, int letters, RouteChange expected) =>
        Assert.Equal(expected, Of(Way(), letters, proof: RouteProof.None, networks: networks).RouteChange);

    [Fact]
    public void AnUnknownAddressOfAKnownDomain_IsMeasuredByTheDomain()
    {
        Assert.Equal(RouteChange.New, Of(Way(), ofDomain: true).RouteChange);
        Assert.Equal(RouteChange.None, Of(Way(), letters: 9, ofDomain: true).RouteChange);
        Assert.Equal(RouteChange.None, Of(Way(), proof: RouteProof.None, ofDomain: true).RouteChange);
    }

    [Fact]
    public void WhatIsNotKnown_IsNoChange()
    {
        Assert.Equal(RouteChange.None, Of(null).RouteChange);
        Assert.Equal(RouteChange.None, new Correspondence { Address = "a@b.example", Today = Today, Route = Way() }.RouteChange);
    }

    /// <summary>A harmless letter in the morning must not make the way usual for the one at noon, nor spoil a proven history later.</summary>
    [Fact]
    public void OneLetter_DoesNotOpenTheWay()
    {
        var known = Of(Way());
        foreach (var (age, expected) in new[] { (0, RouteChange.Unproven), (2, RouteChange.Unproven), (3, RouteChange.New) })
        {
            var first = new UsualRoute(Other, RouteProof.None, false, Today.AddDays(-age), Today, 1);
            Assert.Equal(expected, (known with { Routes = [.. known.Routes, first], DomainRoutes = [.. known.DomainRoutes, first] }).RouteChange);
        }
    }

    [Fact]
    public void AnsweringIsKnowing()
    {
        var stranger = new Correspondence { Address = "a@b.example", Today = Today, Recipients = 1 };
        Assert.True(stranger.IsFirstContact);
        Assert.False((stranger with { IsWarmingUp = true }).IsFirstContact);
        var answered = stranger with { Contact = new Contact(Today.AddDays(-9), null, Today.AddDays(-7), 0, 1) };
        Assert.True(answered is { IsFirstContact: false, WeWroteToHim: true, SilentDays: 7, IsKnownToOthersOnly: true });
        Assert.Equal(2, (answered with { Contact = new Contact(Today.AddDays(-9), Today.AddDays(-2), Today.AddDays(-7), 1, 1) }).SilentDays);
    }
}
