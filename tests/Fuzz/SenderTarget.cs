using System.Net;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;

namespace Sekisho.Fuzz;

/// <summary>The sender's check over hostile letters: header, signatures, chain, results; nothing of it may throw.</summary>
internal static class SenderTarget
{
    private static readonly SenderCheck Check = new(
        ZoneFile.Parse("""
            test._domainkey.football.example.com TXT "k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
            _dmarc.football.example.com TXT "v=DMARC1; p=reject"
            """),
        TimeProvider.System,
        new SenderCheckOptions { AuthservId = "gate.example", TrustedSealers = ["football.example.com"], Borders = [new BorderServer([IPNetwork.Parse("10.0.0.0/8")], "border.example")] });

    public static IEnumerable<byte[]> Letters() =>
    [
        Encoding.ASCII.GetBytes("""
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=football.example.com; i=@football.example.com; q=dns/txt; s=test; t=1; l=3;
             h=from : to : subject : from; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz==
            ARC-Seal: i=1; a=rsa-sha256; cv=none; d=football.example.com; s=test; b=AAAA
            ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=football.example.com; s=test; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
            ARC-Authentication-Results: i=1; football.example.com; dmarc=pass header.from=a.example
            Authentication-Results: border.example; spf=pass smtp.mailfrom=a@football.example.com (comment)
            Authentication-Results: "gate.example" 1; none
            Received: from x (y [192.0.2.1]) by border.example; Mon, 1 Jan 2024 00:00:00 +0000
            From: Joe <joe@football.example.com>, group: a@b.example;

            Hi.

            """),
        "From: a@b\n\nx"u8.ToArray(),
    ];

    public static void Run(byte[] octets)
    {
        var envelope = new Envelope(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Parse("10.0.0.1"), "x.example", "a@football.example.com", [new EnvelopeRecipient("b@hospital.example")]);
        var facts = Check.CheckAsync(envelope, new MemoryStream(octets), CancellationToken.None).GetAwaiter().GetResult();
        var field = AuthenticationResultsField.Write("gate.example", facts);
        if (field.Replace("\r\n\t", "").IndexOf('\n') != field.Replace("\r\n\t", "").Length - 1)
        {
            throw new InvalidOperationException("a field that ends early");
        }
    }
}
