using System.Buffers;
using System.Globalization;
using MimeKit;
using MimeKit.Cryptography;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>The letter's own tree: multiparts, enclosed letters, leaves (RFC 2045, RFC 2046).</summary>
internal sealed partial class MessageOpening
{
    /// <summary>Fields that must be there once (RFC 5322 section 3.6); MimeKit merges or drops the second one silently.</summary>
    private void CheckHeader(MimeMessage message, string path)
    {
        int from = 0, sender = 0, subject = 0, type = 0;
        foreach (var header in message.Headers)
        {
            switch (header.Id)
            {
                case HeaderId.From:
                    from++;
                    break;
                case HeaderId.Sender:
                    sender++;
                    break;
                case HeaderId.Subject:
                    subject++;
                    break;
                case HeaderId.ContentType:
                    type++;
                    break;
            }
        }

        if (message.Headers.Count > MaxHeaderFields)
        {
            Problem(path, ReadProblemReason.TooMany, $"There are {message.Headers.Count} header fields.");
        }

        if (from > 1 || sender > 1 || subject > 1 || type > 1)
        {
            var which = from > 1 ? "From" : sender > 1 ? "Sender" : subject > 1 ? "Subject" : "Content-Type";
            Problem(path, ReadProblemReason.AmbiguousHeader, $"There is more than one {which} field.");
        }
    }

    private void Entity(MimeEntity entity, string path, string section, MessagePart? container, int depth)
    {
        cancel.ThrowIfCancellationRequested();
        if (!MayGoOn(path))
        {
            return;
        }

        var here = section.Length == 0 ? path : Join(path, section);
        switch (entity)
        {
            case Multipart multipart:
                if (TooDeep(here, depth))
                {
                    return;
                }

                CheckTypes(entity, here);
                if (multipart.Count == 0)
                {
                    Problem(here, ReadProblemReason.BrokenMail, "A multipart has no parts.");
                }

                if (entity is MultipartEncrypted)
                {
                    Problem(here, ReadProblemReason.EncryptedMail, "OpenPGP or S/MIME encrypted.");
                }

                var wasTold = isToldEncrypted;
                isToldEncrypted |= entity is MultipartEncrypted;
                CheckStructure(multipart, here, isEnclosed: container is not null);
                openBoundaries.Add(multipart.Boundary ?? "");
                for (var i = 0; i < multipart.Count && !ended; i++)
                {
                    var number = (i + 1).ToString(CultureInfo.InvariantCulture);
                    Entity(multipart[i], path, section.Length == 0 ? number : $"{section}.{number}", container, depth + 1);
                }

                openBoundaries.RemoveAt(openBoundaries.Count - 1);

                ReadOtherwise(multipart, here, container, depth);
                isToldEncrypted = wasTold;

                break;
            case MimeKit.MessagePart enclosed:
                if (TooDeep(here, depth))
                {
                    return;
                }

                // The enclosed letter is already part of the tree; its octets are those of its parts.
                var letter = new MessagePart(here, enclosed.ContentDisposition?.FileName ?? enclosed.ContentType.Name ?? "", [], 0)
                {
                    DeclaredType = "message/rfc822",
                    Kind = FileKind.Mail,
                    IsSealed = true,
                    Container = container,
                };
                Add(letter, depth, open: false);
                CheckExternal(enclosed, here, letter);
                if (enclosed.Message is { } message)
                {
                    Passwords.Hear(message);
                    CheckHeader(message, here);
                    if (message.Body is not null)
                    {
                        Entity(message.Body, here, message.Body is Multipart ? "" : "1", letter, depth + 1);
                    }
                }

                break;
            case MimePart part:
                Leaf(part, here, container, depth);
                break;
        }
    }

    private void Leaf(MimePart part, string here, MessagePart? container, int depth)
    {
        if (part.Headers.Count > 1)
        {
            CheckTypes(part, here);
        }

        var fileName = part.ContentDisposition?.FileName;
        var typeName = part.ContentType.Name;
        var name = string.IsNullOrEmpty(fileName) ? typeName ?? "" : fileName;
        var other = !string.IsNullOrEmpty(typeName) && !string.Equals(typeName, name, StringComparison.Ordinal) ? typeName : null;
        var isText = part.ContentType.IsMimeType("text", "*");
        var isBody = isText && name.Length == 0 && part.ContentDisposition?.IsAttachment != true;
        if (part.Content is null)
        {
            return;
        }

        var declared = isBody && part.ContentType.IsMimeType("text", "plain") ? "text/plain" : part.ContentType.MimeType.ToLowerInvariant();
        try
        {
            var found = Content(part.Content, name.Length == 0 ? here : $"{here}/{name}", name, container, declared, other, isBody);
            if (found.Kind is FileKind.Text or FileKind.Unknown && part.ContentType.IsMimeType("message", "rfc822"))
            {
                found.Kind = FileKind.Mail; // Encoded, which RFC 2046 section 5.2.1 forbids and programs read nevertheless.
            }

            found.Charset = isText ? part.ContentType.Charset : null;
            found.MoreNames = PartNames.Others(part, name, other);
            if (part is ApplicationPkcs7Mime secured)
            {
                CheckSecured(secured, found);
            }

            Add(found, depth);
            ReadOtherwise(part, found, here, container, depth);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException)
        {
            Broken(here, e);
        }
    }

    /// <summary>Fields that a part must have once, and such as are written so that some programs do not see them (RFC 5322 section 2.2 wants no blank before the colon).</summary>
    private void CheckTypes(MimeEntity entity, string here)
    {
        int types = 0, encodings = 0, dispositions = 0;
        foreach (var header in entity.Headers)
        {
            types += header.Id == HeaderId.ContentType ? 1 : 0;
            encodings += header.Id == HeaderId.ContentTransferEncoding ? 1 : 0;
            dispositions += header.Id == HeaderId.ContentDisposition ? 1 : 0;
            if (header.RawField is [.., (byte)' ' or (byte)'\t'] && alternativeDepth == 0)
            {
                Problem(here, ReadProblemReason.AmbiguousMime, $"A blank before the colon of {header.Field.TrimEnd()}: some programs do not see the field.");
            }
        }

        if (types > 1 || encodings > 1 || dispositions > 1)
        {
            var which = types > 1 ? "Content-Type" : encodings > 1 ? "Content-Transfer-Encoding" : "Content-Disposition";
            Problem(here, ReadProblemReason.AmbiguousHeader, $"There is more than one {which} field.");
        }
    }

    /// <summary>Decodes a MIME part: once, into pooled memory, or behind a view where it is large.</summary>
    private MessagePart Content(IMimeContent content, string path, string name, MessagePart? container, string declared, string? other, bool isBody)
    {
        var raw = content.Stream;
        var rawLength = raw!.Length;
        MessagePart part;
        if (rawLength <= Math.Min(limits.MaxPartInMemory, memoryLeft))
        {
            var buffer = ArrayPool<byte>.Shared.Rent((int)rawLength + 16);
            try
            {
                raw.Position = 0;
                var got = raw.ReadAtLeast(buffer.AsSpan(0, (int)rawLength), (int)rawLength, throwOnEndOfStream: false);
                var length = got;
                if (DecodedView.NewDecoder(content.Encoding) is { } decoder)
                {
                    var output = ArrayPool<byte>.Shared.Rent(decoder.EstimateOutputLength(got) + 16);
                    try
                    {
                        length = decoder.Decode(buffer, 0, got, output);
                    }
                    catch
                    {
                        ArrayPool<byte>.Shared.Return(output);
                        throw;
                    }

                    (buffer, output) = (output, buffer);
                    ArrayPool<byte>.Shared.Return(output);
                }

                memoryLeft -= length;
                part = new MessagePart(path, name, buffer, length) { DeclaredType = declared, OtherName = other, IsBody = isBody, Container = container };
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(buffer);
                throw;
            }
        }
        else
        {
            var encoding = content.Encoding;
            var length = DecodedView.NewDecoder(encoding) is null ? rawLength : Measure(new DecodedView(raw, encoding, long.MaxValue));
            part = new MessagePart(path, name, () => new DecodedView(raw, encoding, length), length) { DeclaredType = declared, OtherName = other, IsBody = isBody, Container = container };
        }

        part.Kind = isBody ? BodyKind(part) : FileTypes.Sniff(part.Head);
        return part;
    }

    /// <summary>A text body is text unless fixed octets say otherwise: guessing at it would only find the letter's own words.</summary>
    private static FileKind BodyKind(MessagePart part)
    {
        var kind = FileTypes.SniffMagic(part.Head);
        return kind != FileKind.Unknown ? kind
            : part.Length == 0 ? FileKind.Empty
            : part.DeclaredType == "text/html" ? FileKind.Html : FileKind.Text;
    }
}
