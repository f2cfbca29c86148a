using System.Net;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Options;

namespace Sekisho.Reports;

/// <summary>Finds DMARC aggregate reports in a letter or a file: plain, or in archives of any kind that the gateway opens, within the same limits.</summary>
internal static class ReportReader
{
    private const int MostReports = 50;

    /// <summary>The reports in a letter.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="octets">The letter, seekable; not closed.</param>
    /// <param name="limits">How deep and how long it is opened.</param>
    /// <param name="time">The clock.</param>
    /// <param name="faults">What could not be read, a sentence each.</param>
    /// <param name="cancel">Gives up.</param>
    public static IReadOnlyList<DmarcReport> InLetter(Envelope envelope, Stream octets, ReadLimits limits, TimeProvider time, ICollection<string> faults, CancellationToken cancel)
    {
        using var message = MessageReader.Read(envelope, octets, limits, time, cancel);
        return In(message, faults, cancel);
    }

    /// <summary>The reports in a file: XML, an archive, or a letter that holds them.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="octets">The file, seekable; not closed.</param>
    /// <param name="limits">How deep and how long it is opened.</param>
    /// <param name="time">The clock.</param>
    /// <param name="faults">What could not be read, a sentence each.</param>
    /// <param name="cancel">Gives up.</param>
    public static IReadOnlyList<DmarcReport> InFile(string name, Stream octets, ReadLimits limits, TimeProvider time, ICollection<string> faults, CancellationToken cancel)
    {
        using var message = MessageReader.ReadDocument(name, octets, limits, time, cancel);
        return In(message, faults, cancel);
    }

    private static List<DmarcReport> In(InboundMessage message, ICollection<string> faults, CancellationToken cancel)
    {
        var found = new List<DmarcReport>();
        foreach (var part in message.Parts)
        {
            cancel.ThrowIfCancellationRequested();
            if (part.IsSealed || !DmarcReport.LooksLike(part.Head))
            {
                continue;
            }

            if (found.Count == MostReports)
            {
                faults.Add($"more than {MostReports} reports; the rest was not read");
                break;
            }

            try
            {
                found.Add(DmarcReport.Read(OctetsOf(part)));
            }
            catch (InvalidDataException e)
            {
                faults.Add($"{part.Path}: {e.Message}");
            }
        }

        foreach (var problem in message.Problems.Take(10))
        {
            faults.Add($"{problem.Place}: {problem.Text}");
        }

        return found;
    }

    private static byte[] OctetsOf(MessagePart part)
    {
        if (part.Length > DmarcReport.MaxOctets)
        {
            throw new InvalidDataException($"The report is larger than {DmarcReport.MaxOctets >> 20} MiB.");
        }

        using var content = part.OpenRead();
        var octets = new byte[(int)part.Length];
        var got = content.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        return got == octets.Length ? octets : octets[..got];
    }
}
