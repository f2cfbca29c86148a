using System.Text;
using Sekisho.Inspection.Senders;

namespace Sekisho.Fuzz;

/// <summary>The addresses that strangers' DMARC records name: whatever stands there, what comes out is one plain address, and is read again as the same.</summary>
internal static class ReportUriTarget
{
    public static void Run(byte[] octets)
    {
        var uris = ReportUri.Read(Encoding.Latin1.GetString(octets));
        if (uris.Count > ReportUri.Most || !uris.SequenceEqual(ReportUri.Read(string.Join(',', uris))) || uris.Any(static u => u.Address.AsSpan().ContainsAny(" \r\n\t<>,;:\"()") || !Ascii.IsValid(u.Address) || u.Address.Count(static c => c == '@') != 1))
        {
            throw new InvalidOperationException("an address that is none");
        }
    }
}
