using System.Runtime.CompilerServices;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Makes the Japanese code pages known before the first sample is written: MimeKit remembers for good what it did not find.</summary>
internal static class CodePages
{
#pragma warning disable CA2255 // samples in Japanese need it whoever makes them
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
#pragma warning restore CA2255
}
