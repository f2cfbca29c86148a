using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Sekisho.Delivery;
using Xunit.Abstractions;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>Signed mail of the corpus, and mail of the corpus that the test signs itself, arrives so that the signatures still verify.</summary>
public sealed class SignedMailTests(ITestOutputHelper output)
{
    /// <summary>RFC 8463 appendix A.2, and the key that dkimpy's test data are signed with beside it.</summary>
    private static readonly Dictionary<string, string> Published = new()
    {
        ["brisbane._domainkey.football.example.com"] = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    };

    [CorpusFact]
    public async Task WhatVerifiedBeforeVerifiesAfter()
    {
        var keys = Keys();
        var files = Directory.EnumerateFiles(Path.Combine(CorpusFactAttribute.Folder("SEKISHO_CORPUS", "corpus"), "mail"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(CorpusFactAttribute.Folder("SEKISHO_SUITES", "suites"), "dkimpy", "data")))
            .Where(f => new FileInfo(f).Length is > 0 and < (1 << 20))
            .Select(File.ReadAllBytes)
            .Where(o => o.AsSpan().IndexOf("DKIM-Signature:"u8) >= 0)
            .ToList();
        Assert.True(files.Count > 50, $"only {files.Count} signed mails found");
        var (before, after) = (0, 0);
        await using var hop = new FakeNextHop(new NextHopScript { Offers = ["PIPELINING", "8BITMIME", "CHUNKING"] });
        await using var way = new WayOut(Letters.To(hop.Host));
        foreach (var octets in files.Select(WithSmtpLineEnds))
        {
            var replies = await way.SendAsync(Letters.Envelope(), octets, "Received: by gateway.test\r\n");
            Assert.True(replies[0].Kind == ReplyKind.Delivered, replies[0].Text);
            var arrived = hop.Letters[^1].Octets;
            Assert.True(arrived.AsSpan("Received: by gateway.test\r\n".Length).SequenceEqual(octets), "the octets changed on the way");
            var (was, stays) = (Valid(octets, keys), Valid(arrived, keys));
            Assert.Equal(was, stays);
            before += was;
            after += stays;
        }

        output.WriteLine($"{files.Count} signed mails; signatures that verify before: {before}, after: {after}");
        Assert.True(before > 0);
    }

    [CorpusFact]
    public async Task MailSignedHereVerifiesThere()
    {
        var corpus = Path.Combine(CorpusFactAttribute.Folder("SEKISHO_CORPUS", "corpus"), "mail");
        var keys = Keys();
        var signer = new DkimSigner(Path.Combine(corpus, "mimekit", "dkim", "example.pem"), "example.com", "1433868189.example")
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Simple,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Simple,
        };
        await using var hop = new FakeNextHop(new NextHopScript { Offers = ["PIPELINING", "8BITMIME"] });
        await using var way = new WayOut(Letters.To(hop.Host));
        var (signed, verified) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(corpus, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(f => new FileInfo(f).Length < 200_000).Take(300))
        {
            if (Sign(WithSmtpLineEnds(File.ReadAllBytes(file)), signer) is not { } octets || Valid(octets, keys) == 0)
            {
                // MimeKit does not write every broken mail back as it read it; such a one proves nothing.
                continue;
            }

            signed++;
            var replies = await way.SendAsync(Letters.Envelope(), octets, "Received: by gateway.test\r\n");
            Assert.True(replies[0].Kind == ReplyKind.Delivered, replies[0].Text);
            verified += Valid(hop.Letters[^1].Octets, keys) > 0 ? 1 : 0;
        }

        output.WriteLine($"signed here: {signed}, verify after: {verified}");
        Assert.Equal(signed, verified);
        Assert.True(signed > 50, $"only {signed} mails could be signed");
    }

    private static byte[]? Sign(byte[] octets, DkimSigner signer)
    {
        try
        {
            var message = MimeMessage.Load(new MemoryStream(octets));
            message.Prepare(EncodingConstraint.EightBit);
            var format = FormatOptions.Default.Clone();
            format.NewLineFormat = NewLineFormat.Dos;
            format.EnsureNewLine = true;
            signer.Sign(format, message, [HeaderId.From, HeaderId.Subject, HeaderId.Date]);
            using var written = new MemoryStream();
            message.WriteTo(format, written);
            return written.ToArray();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    private static int Valid(byte[] octets, KeyTable keys)
    {
        var verifier = new DkimVerifier(keys) { MinimumRsaKeyLength = 512 };
        verifier.Enable(DkimSignatureAlgorithm.RsaSha1);
        try
        {
            var message = MimeMessage.Load(new MemoryStream(octets));
            return message.Headers.Where(static h => h.Id == HeaderId.DkimSignature).Count(h => Verifies(verifier, message, h));
        }
        catch (FormatException)
        {
            return 0;
        }
    }

    private static bool Verifies(DkimVerifier verifier, MimeMessage message, Header signature)
    {
        try
        {
            return verifier.Verify(message, signature);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or NotSupportedException or ArgumentException or InvalidCastException or IndexOutOfRangeException or CryptoException)
        {
            return false;
        }
    }

    /// <summary>Corpus files are kept with LF; on the wire lines end with CRLF.</summary>
    private static byte[] WithSmtpLineEnds(byte[] octets) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(octets).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\r", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    private static KeyTable Keys()
    {
        var records = new Dictionary<string, string>(Published, StringComparer.OrdinalIgnoreCase);
        var suites = Path.Combine(CorpusFactAttribute.Folder("SEKISHO_SUITES", "suites"), "dkimpy", "data");
        records["test._domainkey.football.example.com"] = File.ReadAllText(Path.Combine(suites, "test.txt"));
        records["sed._domainkey.test.ex"] = File.ReadAllText(Path.Combine(suites, "ed25519test.dns"));
        var line = File.ReadAllText(Path.Combine(CorpusFactAttribute.Folder("SEKISHO_CORPUS", "corpus"), "mail", "mimekit", "dkim", "example.tinydns")).Split(':');
        records[line[0].TrimStart('\'')] = line[1];
        return new KeyTable(records);
    }

    /// <summary>DNS as a table.</summary>
    private sealed class KeyTable(Dictionary<string, string> records) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            GetPublicKey(records[$"{selector}._domainkey.{domain}"].Trim());

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}

/// <summary>A test that reads the shared corpus; skipped where it is absent.</summary>
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute()
    {
        if (!Directory.Exists(Folder("SEKISHO_CORPUS", "corpus")) || !Directory.Exists(Folder("SEKISHO_SUITES", "suites")))
        {
            Skip = "the corpus is absent: set SEKISHO_CORPUS and SEKISHO_SUITES";
        }
    }

    /// <summary>The folder named by the variable, else <c>../shared/NAME</c> from the project's root.</summary>
    public static string Folder(string variable, string name)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set)
        {
            return set;
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Gateway.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine(root?.Parent?.FullName ?? "/", "shared", name);
    }
}
