using System.Net;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Links;

/// <summary>Finds links to a bare IP address, however it is written: few who mean well have no name.</summary>
internal sealed class LinkToAddress : IDetector
{
    public static readonly FindingKind Address = new("LINK_TO_ADDRESS", 20,
        "A link leads to a bare IP address instead of a named site.", "リンク先がサイト名ではなくIPアドレスです。", "T1566.002");

    public IEnumerable<FindingKind> Kinds => [Address];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var link in part.Links)
            {
                if (link.IsAddress && link.Place != LinkPlace.Resource && !IsOwnNetwork(link.Host))
                {
                    yield return Address.At(part.Path, link.Target);
                    break;
                }
            }
        }
    }

    /// <summary>Addresses that mean nothing outside one house (RFC 1918, RFC 5735): printers and wards' servers are spoken of so.</summary>
    private static bool IsOwnNetwork(string host) =>
        !IPAddress.TryParse(host, out var address) || IPAddress.IsLoopback(address)
        || (address.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..] or [0, 0, 0, 0]);
}
