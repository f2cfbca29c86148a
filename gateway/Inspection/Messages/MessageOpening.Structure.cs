using System.Buffers;
using System.Text;
using MimeKit;
using MimeKit.IO;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <content>Tells where programs divide a letter differently though one reading shows all: boundaries that are never closed or used twice, comments, fields written loosely.</content>
internal sealed partial class MessageOpening
{
    /// <summary>How far behind the last part the end of a multipart is looked for; an epilogue is never longer in honest mail.</summary>
    private const int LongestEpilogue = 64 << 10;

    private List<string> openBoundaries = [];

    private void CheckStructure(Multipart multipart, string here, bool isEnclosed)
    {
        // What is read another way was told of where it stands.
        if (alternativeDepth > 0 || multipart.Boundary is not { Length: > 0 } boundary)
        {
            return;
        }

        if (openBoundaries.Contains(boundary))
        {
            Problem(here, ReadProblemReason.AmbiguousMime, $"The boundary \"{boundary}\" is also that of a multipart around it.");
        }

        if (MimeAlternatives.Values(multipart, "Content-Type").Exists(MimeAlternatives.HasComment))
        {
            Problem(here, ReadProblemReason.AmbiguousMime, "Brackets outside quotation marks in the Content-Type: a comment to some programs, part of the boundary to others.");
        }

        // An enclosed letter is often cut off by the server that returns it.
        if (!isEnclosed && multipart.Count > 0 && LastContent(multipart) is { } last && !IsClosed(last, boundary))
        {
            Problem(here, ReadProblemReason.AmbiguousMime, $"The multipart is never closed: there is no \"--{boundary}--\".");
        }
    }

    /// <summary>The octets of the last part, however deep; null where they are not a piece of the letter.</summary>
    private static BoundStream? LastContent(MimeEntity entity) => entity switch
    {
        Multipart { Count: > 0 } multipart => LastContent(multipart[^1]),
        MimeKit.MessagePart { Message.Body: { } body } => LastContent(body),
        MimePart part => part.Content?.Stream as BoundStream,
        _ => null,
    };

    private static bool IsClosed(BoundStream last, string boundary)
    {
        var letter = last.BaseStream;
        if (last.EndBoundary < 0 || letter.Length - last.EndBoundary > LongestEpilogue)
        {
            return true; // Not known; long octets behind the parts are looked through for themselves.
        }

        var octets = ArrayPool<byte>.Shared.Rent(LongestEpilogue);
        try
        {
            letter.Position = last.EndBoundary;
            var got = letter.ReadAtLeast(octets, (int)(letter.Length - last.EndBoundary), throwOnEndOfStream: false);
            return octets.AsSpan(0, got).IndexOf(Encoding.Latin1.GetBytes($"--{boundary}--")) >= 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
    }

    private void CheckExternal(MimeEntity entity, string here, MessagePart part)
    {
        if (entity.ContentType.IsMimeType("message", "external-body"))
        {
            var parameters = entity.ContentType.Parameters;
            Problem(here, ReadProblemReason.ExternalBody, $"{parameters["access-type"]} {parameters["url"] ?? parameters["site"]} {parameters["name"]}".Trim());
            if (MimeAlternatives.ExternalAddress(parameters) is { } address)
            {
                part.Signs = [.. part.Signs, new CarrierSign(SignKind.ExternalBody, address)];
            }
        }
    }
}
