using System.Runtime.CompilerServices;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Makes the code pages known that Japanese mail is written in; .NET keeps ISO-2022-JP, Shift_JIS and EUC-JP apart.</summary>
internal static class CodePages
{
    /// <summary>Before anything else of the library runs: MimeKit remembers for good which character sets it did not find at first.</summary>
#pragma warning disable CA2255 // a library that reads mail cannot leave this to each of its users
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
#pragma warning restore CA2255
}
