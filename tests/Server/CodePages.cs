using System.Runtime.CompilerServices;
using System.Text;

namespace Sekisho.Server.Tests;

/// <summary>Makes the Japanese code pages known before the first test: some use MimeKit before they use the library.</summary>
internal static class CodePages
{
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
