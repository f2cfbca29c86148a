using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>The VBA projects of a letter with what their code would do in the document around them.</summary>
internal static class MacroCode
{
    private const string OnLoad = "onLoad calls ";

    /// <summary>Every project; its behaviour is worked out once, whoever asks.</summary>
    public static IEnumerable<(MessagePart Part, VbaProject Project, VbaBehaviour Behaviour)> In(InboundMessage message)
    {
        foreach (var part in message.Parts)
        {
            foreach (var project in part.Vba)
            {
                yield return (part, project, project.Behaviour(() => Around(message, part)));
            }
        }
    }

    /// <summary>Texts, cells and starts of the part itself, of the package that it stands in, and of that package's other parts.</summary>
    private static VbaSurroundings Around(InboundMessage message, MessagePart part)
    {
        var package = part.Container is { } container && container.Kind.IsPackage() ? container : null;
        var near = package is null ? [part] : message.Parts.Where(p => p == package || p.Container == package).ToList();
        return new VbaSurroundings(
            near.SelectMany(p => p.Texts),
            part.Xlm ?? package?.Xlm ?? part.Cells ?? package?.Cells,
            near.SelectMany(p => p.Signs).Where(s => s.Kind == SignKind.CustomUiLoad && s.Evidence.StartsWith(OnLoad, StringComparison.Ordinal)).Select(s => s.Evidence[(Math.Max(OnLoad.Length - 1, s.Evidence.LastIndexOf('.')) + 1)..]));
    }
}
