using System.Buffers;
using System.Globalization;
using System.Text;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <content>Reads again, as other programs would, what can be read in more than one way; the parts found so stand under <c>~alt</c>.</content>
internal sealed partial class MessageOpening
{
    private const int MaxAlternatives = 20;

    private int alternatives;
    private int alternativeDepth;

    /// <summary>A multipart: other Content-Types, other boundaries, and parts hidden around it.</summary>
    private void ReadOtherwise(Multipart multipart, string here, MessagePart? container, int depth)
    {
        if (ended || alternativeDepth > 1)
        {
            return;
        }

        byte[]? body = null;
        byte[] Body() => body ??= BodyOf(multipart);

        try
        {
            var used = multipart.Boundary ?? "";
            var types = MimeAlternatives.Values(multipart, "Content-Type");
            foreach (var value in types)
            {
                if (types.Count > 1 && !(ContentType.TryParse(value, out var type) && type.IsMimeType(multipart.ContentType.MediaType, multipart.ContentType.MediaSubtype) && (type.Boundary ?? "") == used))
                {
                    Reread($"Content-Type: {value}", Body(), here, container, depth);
                }

                foreach (var boundary in MimeAlternatives.Boundaries(value))
                {
                    if (boundary != used && Body().AsSpan().IndexOf(Encoding.Latin1.GetBytes("--" + boundary)) >= 0 && !used.StartsWith(boundary, StringComparison.Ordinal))
                    {
                        Problem(here, ReadProblemReason.AmbiguousMime, $"The boundary may be \"{used}\" or \"{boundary}\".");
                        Reread($"Content-Type: multipart/mixed; boundary=\"{boundary}\"", Body(), here, container, depth);
                    }
                }
            }

            Decoded(multipart, used, Body, here, container, depth);
            if (multipart.Count == 0 && MimeAlternatives.GuessBoundary(Body()) is { } guessed && guessed != used)
            {
                Problem(here, ReadProblemReason.AmbiguousMime, $"No part begins with the boundary, but with \"{guessed}\".");
                Reread($"Content-Type: multipart/mixed; boundary=\"{guessed}\"", Body(), here, container, depth);
                return;
            }

            Around(multipart.Preamble, "before the first boundary", here, container, depth);
            Around(multipart.Epilogue, "behind the last boundary", here, container, depth);
        }
        catch (InvalidDataException e)
        {
            Broken(here, e);
        }
    }

    /// <summary>A multipart under a transfer encoding, which RFC 2045 section 6.4 forbids and some programs decode nevertheless.</summary>
    private void Decoded(Multipart multipart, string boundary, Func<byte[]> body, string here, MessagePart? container, int depth)
    {
        foreach (var value in MimeAlternatives.Values(multipart, "Content-Transfer-Encoding"))
        {
            if (MimeAlternatives.EncodingOf(value) is not { } encoding || encoding is not (ContentEncoding.Base64 or ContentEncoding.QuotedPrintable or ContentEncoding.UUEncode))
            {
                continue;
            }

            var delimiter = Encoding.Latin1.GetBytes("--" + boundary);
            var octets = MimeAlternatives.Decode(body(), encoding);
            if (octets.AsSpan().Count(delimiter) <= (multipart.Count == 0 ? 0 : body().AsSpan().Count(delimiter)))
            {
                continue; // Named by habit: its parts stand in the open.
            }

            Problem(here, ReadProblemReason.AmbiguousMime, $"The multipart as a whole is in {encoding}.");
            Reread($"Content-Type: {multipart.ContentType.MimeType}; boundary=\"{boundary}\"", octets, here, container, depth);
        }
    }

    private void Around(string? text, string where, string here, MessagePart? container, int depth)
    {
        if (string.IsNullOrEmpty(text) || text.Length < 20)
        {
            return;
        }

        var octets = Encoding.UTF8.GetBytes(text);
        var hidden = MimeAlternatives.HiddenPart(octets, out var boundary);
        if (hidden.IsEmpty)
        {
            if (TextBinaries.Find(octets).Count > 0)
            {
                Problem(here, ReadProblemReason.AmbiguousMime, $"A file stands {where}.");
                Reread("Content-Type: text/plain", octets, here, container, depth);
            }

            return;
        }

        Problem(here, ReadProblemReason.AmbiguousMime, $"A part stands {where}.");
        Reread(boundary is null ? "" : $"Content-Type: multipart/mixed; boundary=\"{boundary}\"", hidden.ToArray(), here, container, depth);
    }

    /// <summary>A leaf: other transfer encodings, broken ones, a multipart or letter that only some programs see, files in text.</summary>
    private void ReadOtherwise(MimePart part, MessagePart found, string here, MessagePart? container, int depth)
    {
        if (ended)
        {
            return;
        }

        CheckExternal(part, here, found);
        if (part.ContentType.IsMimeType("message", "partial"))
        {
            Problem(here, ReadProblemReason.PartialMail, MimeAlternatives.Piece(part.ContentType));
            SetAside(part.ContentType, found, depth);
            if (found.Kind != FileKind.Mail && (part.ContentType.Parameters["number"] ?? "1").Trim() == "1" && !TooDeep(here, depth))
            {
                Letter(found.OpenRead(), $"{here}~alt", found, depth + 1);
            }

            return;
        }

        if (found.Kind is FileKind.Text or FileKind.Html or FileKind.Unknown)
        {
            var text = found.Memory.IsEmpty ? found.ReadUpTo(limits.MaxPartInMemory) : found.Memory;
            foreach (var file in TextBinaries.Find(text))
            {
                Budget.Unpack(file.Content.Length);
                Embedded(found, file, depth);
            }
        }

        if (alternativeDepth > 1 || part.Content is not { } content)
        {
            return;
        }

        if (part.Headers.Count > 0)
        {
            OtherTypes(part, here, container, depth);
        }

        OtherEncodings(part, content, found, here, container, depth);
    }

    private void OtherTypes(MimePart part, string here, MessagePart? container, int depth)
    {
        foreach (var value in MimeAlternatives.Values(part, "Content-Type"))
        {
            var isMultipart = value.Contains("multipart/", StringComparison.OrdinalIgnoreCase) && MimeAlternatives.Boundaries(value).Count > 0;
            if (!isMultipart && !(value.StartsWith("message/rfc822", StringComparison.OrdinalIgnoreCase) && !part.ContentType.IsMimeType("message", "rfc822")))
            {
                continue;
            }

            Problem(here, ReadProblemReason.AmbiguousMime, $"{part.ContentType.MimeType} may be read as {value}");
            foreach (var boundary in isMultipart ? MimeAlternatives.Boundaries(value) : [""])
            {
                Reread(isMultipart ? $"Content-Type: multipart/mixed; boundary=\"{boundary}\"" : "Content-Type: message/rfc822", BodyOf(part), here, container, depth);
            }
        }
    }

    private void OtherEncodings(MimePart part, IMimeContent content, MessagePart found, string here, MessagePart? container, int depth)
    {
        var used = content.Encoding is ContentEncoding.Base64 or ContentEncoding.QuotedPrintable or ContentEncoding.UUEncode ? content.Encoding : ContentEncoding.Binary;
        var values = MimeAlternatives.Values(part, "Content-Transfer-Encoding");
        var stream = content.Stream!;
        byte[]? raw = null;
        byte[] Raw() => raw ??= RawOf(stream);
        var isLarge = stream.Length > limits.MaxPartInMemory;
        var seen = new List<byte[]>();

        foreach (var value in values)
        {
            var meant = MimeAlternatives.EncodingOf(value);
            if (meant is null)
            {
                Problem(here, ReadProblemReason.AmbiguousMime, $"Nobody knows the transfer encoding {value}");
            }
            else if (meant != used)
            {
                if (values.Count == 1)
                {
                    Problem(here, ReadProblemReason.AmbiguousMime, $"The transfer encoding {value} may be {meant}");
                }

                if (isLarge)
                {
                    Problem(here, ReadProblemReason.TooLarge, $"Too large to be read as {meant} too.");
                    return;
                }

                Alternative(MimeAlternatives.Decode(Raw(), meant.Value), found, here, container, depth, seen);
            }
        }

        if (used == ContentEncoding.Base64)
        {
            stream.Position = 0;
            if (LenientBase64.Fault(stream) is { } fault)
            {
                Problem(here, ReadProblemReason.AmbiguousMime, fault);
                if (isLarge)
                {
                    Problem(here, ReadProblemReason.TooLarge, "Too large to be read in another way.");
                    return;
                }

                Alternative(LenientBase64.Decode(Raw(), stopAtPadding: true), found, here, container, depth, seen);
                Alternative(LenientBase64.Decode(Raw(), stopAtPadding: false), found, here, container, depth, seen);
            }
        }
        else if (used == ContentEncoding.QuotedPrintable && !isLarge)
        {
            if (!found.IsBody && MimeAlternatives.IsBrokenQuotedPrintable(Raw()))
            {
                Problem(here, ReadProblemReason.AmbiguousMime, "broken quoted-printable");
                Alternative(Raw(), found, here, container, depth, seen);
            }
        }

        // A whole part of base64 under a label that says otherwise: some programs look rather than read.
        if (used != ContentEncoding.Base64 && !isLarge && found.Length > 80 && LenientBase64.LooksLike(found.Head))
        {
            var decoded = LenientBase64.Decode(Raw(), stopAtPadding: false);
            if (FileTypes.Sniff(decoded) is not (FileKind.Unknown or FileKind.Text or FileKind.Empty) && !IsSeen(decoded, seen))
            {
                Problem(here, ReadProblemReason.AmbiguousMime, "base64 without a label that says so");
                Alternative(decoded, found, here, container, depth, seen);
            }
        }
    }

    private static bool IsSeen(byte[] octets, List<byte[]> seen) => seen.Exists(s => s.AsSpan().SequenceEqual(octets));

    /// <summary>Takes up another decoding of a part, where it differs from the first and from those before.</summary>
    private void Alternative(byte[] octets, MessagePart found, string here, MessagePart? container, int depth, List<byte[]> seen)
    {
        if (octets.Length == 0 || found.Memory.SequenceEqual(octets) || IsSeen(octets, seen) || !Take(here, octets.Length))
        {
            return;
        }

        seen.Add(octets);

        var path = string.Create(CultureInfo.InvariantCulture, $"{here}~alt{alternatives}");
        isOtherReading = true;
        Add(new MessagePart(found.Name.Length == 0 ? path : $"{path}/{found.Name}", found.Name, () => new MemoryStream(octets, writable: false), octets.Length)
        {
            DeclaredType = found.DeclaredType,
            Kind = FileTypes.Sniff(octets.AsSpan(0, Math.Min(octets.Length, FileTypes.HeadLength))),
            Container = container,
            Charset = found.Charset,
            MoreNames = found.MoreNames,
        }, depth);
        isOtherReading = false;
    }

    /// <summary>Parses a body again under another header and walks what comes out.</summary>
    private void Reread(string header, byte[] body, string here, MessagePart? container, int depth)
    {
        if (!Take(here, body.Length))
        {
            return;
        }

        byte[] octets = [.. Encoding.Latin1.GetBytes(header.Length == 0 ? "" : header + "\r\n\r\n"), .. body];
        MimeEntity entity;
        try
        {
            entity = new MimeParser(parsing, new MemoryStream(octets, writable: false), MimeFormat.Entity, persistent: true).ParseEntity(cancel);
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            return; // No program reads it so, then.
        }

        alternativeDepth++;
        Entity(entity, "", string.Create(CultureInfo.InvariantCulture, $"{here}~alt{alternatives}"), container, depth + 1);
        alternativeDepth--;
    }

    /// <summary>Books one more reading; false, and said, where there are too many or they are too large.</summary>
    private bool Take(string here, int octets)
    {
        if (ended)
        {
            return false;
        }

        if (alternatives >= MaxAlternatives)
        {
            End(here, ReadProblemReason.TooMany, $"It can be read in more than {MaxAlternatives} ways.");
            return false;
        }

        if (memoryLeft < octets)
        {
            End(here, ReadProblemReason.TooLarge, "It is too large to be read in another way.");
            return false;
        }

        alternatives++;
        memoryLeft -= octets;
        Budget.Unpack(octets);
        return true;
    }

    /// <summary>The octets of an entity without its header, as they stand in the letter (boundaries without what follows them on their lines).</summary>
    private byte[] BodyOf(MimeEntity entity)
    {
        using var body = new MemoryStream();
        entity.WriteTo(FormatOptions.Default, body, contentOnly: true, cancel);
        return body.ToArray();
    }

    private static byte[] RawOf(Stream raw)
    {
        raw.Position = 0;
        var octets = new byte[(int)raw.Length];
        var got = raw.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        return octets[..got];
    }

    /// <summary>Files in the text of a file that an archive or a document held; in the letter's own parts they are looked for with its other readings.</summary>
    private void FilesInText(MessagePart part, int depth)
    {
        if (part.Kind is not (FileKind.Text or FileKind.Html or FileKind.Unknown) || part.IsBody || part.DeclaredType.Length > 0)
        {
            return;
        }

        var longest = part.Kind is FileKind.Text or FileKind.Html ? Math.Min(CarrierOpening.LongestText, limits.MaxPartInMemory) : limits.MaxPartInMemory;
        if (part.Memory.IsEmpty && !HasFileMark(part, longest))
        {
            return;
        }

        foreach (var file in TextBinaries.Find(part.Memory.IsEmpty ? part.ReadUpTo(longest) : part.Memory))
        {
            if (ended || TooDeep(part.Path, depth))
            {
                return;
            }

            Budget.Unpack(file.Content.Length);
            Embedded(part, file, depth);
        }
    }

    /// <summary>Looks for the mark of a file piece by piece: a large text is only read into memory where there is one.</summary>
    private bool HasFileMark(MessagePart part, int longest)
    {
        using var stream = part.OpenRead();
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            var kept = 0;
            long searched = 0;
            int got;
            while (searched < longest && (got = stream.Read(buffer, kept, buffer.Length - kept)) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                Budget.Unpack(0);
                searched += got;
                var piece = buffer.AsSpan(0, kept + got);
                if (TextBinaries.HasMark(piece))
                {
                    return true;
                }

                kept = Math.Min(TextBinaries.LongestMark, piece.Length);
                piece[^kept..].CopyTo(buffer);
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An encoded script, or a script file that holds one, in plain text.</summary>
    internal void EncodedScript(MessagePart part, int depth)
    {
        var plain = ScriptEncoding.Decode(Whole(part));
        if (plain.Length > 0)
        {
            Budget.Unpack(plain.Length);
            Embedded(part, new EmbeddedFile("decoded script", plain), depth);
        }
    }

    /// <summary>Tells an Excel add-in among Windows programs.</summary>
    internal static void Program(MessagePart part)
    {
        using var stream = part.OpenRead();
        if (WindowsProgramFile.IsExcelAddIn(stream))
        {
            part.Kind = FileKind.ExcelAddIn;
        }
    }
}
