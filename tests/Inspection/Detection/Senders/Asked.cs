using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Inspection.Tests.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

/// <summary>A short way to ask a detector about a letter to the hospital of the samples.</summary>
internal static class Asked
{
    /// <summary>Somebody to whom the hospital has written.</summary>
    private static readonly Correspondence Friend = new() { Address = "x", Today = new DateOnly(2026, 11, 1), Contact = new Contact(new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 1), 1, 1) };

    /// <summary>The codes of what is found. Who writes is known, and so is his list, unless it is said otherwise.</summary>
    public static string Codes(IDetector detector, string letter, string results = "", string mailFrom = "x@mailbox.example", string client = "203.0.113.9", string to = "someone@sekisho-hp.example", string helo = "mail.mailbox.example", Household? house = null,
        Correspondence? ledger = null, bool knowsList = true)
    {
        var envelope = Letters.Envelope with { Sender = mailFrom, Client = System.Net.IPAddress.Parse(client), Helo = helo, Recipients = [new EnvelopeRecipient(to)] };
        using var message = MessageReader.Read(envelope, new MemoryStream(Encoding.UTF8.GetBytes(letter.ReplaceLineEndings("\r\n"))), new ReadLimits(), TimeProvider.System, CancellationToken.None);
        var facts = new SenderFacts { Authentication = results.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split('=')).ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal), Correspondence = ledger ?? Friend, KnowsList = knowsList };
        var found = detector.Inspect(new InspectionContext(message, facts, SignatureSet.Shipped) { Household = house ?? ImpersonationTests.House }).ToList();
        Assert.All(found, f => Assert.Contains(detector.Kinds, k => k.Code == f.Kind.Code));
        return string.Join(' ', found.Select(f => f.Kind.Code));
    }

    public static string From(string from, string rest = "") => $"From: {from}\nTo: someone@sekisho-hp.example\nSubject: x\n{rest}\nhello\n";
}
