using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Fuzz;

/// <summary>VBA source as text: written so that every statement and function is met, taken out of samples, and out of the corpus where it holds some.</summary>
internal static class VbaSources
{
    private const string Everything = """
        Option Explicit
        #If VBA7 Then
        Private Declare PtrSafe Function Va Lib "kernel32" Alias "VirtualAlloc" (ByVal a As LongPtr, ByVal b As Long) As LongPtr
        #End If
        Public Const K As String = "a" & "b"
        Private Enum E: One = 1: Two: End Enum
        Dim v(3) As Byte, w As New Collection, x$, y&
        Sub AutoOpen(): On Error GoTo bad
        Static z, q: ReDim Preserve v(5): Set w = CreateObject(Replace("WScript#Shell", "#", "."))
        With ActiveDocument: .Variables("a").Value = "x": End With
        For i = 1 To 10 Step 2: x = x & Chr(Asc(Mid(K, i, 1)) Xor 3): If i > 5 Then Exit For Else y = 1: z = 2
        Next i
        For Each q In Array(1, "2", True): Select Case q
        Case 1, Is > 3: x = StrReverse(x)
        Case "a" To "b": x = Join(Split("a-b", "-"), "")
        Case Else: x = Hex(255) & Oct(8) & Val("&H41")
        End Select: Next
        Do While i < 3: i = i + 1: Loop
        Do: i = i - 1: Loop Until i = 0 Or Not True
        While False: Wend
        Mid(x, 1, 2) = "zz": Open x For Output As #1: Print #1, x; y: Close #1
        Application.OnTime Now, "Module1.Later": CallByName w, "Run", 1, x
        w.Run x, 0: Shell Environ$("TEMP") & "\x" & K & UserForm1.TextBox1.Tag
        d = Application.Run("Later", 1): GoTo bad
        bad: Resume Next
        End Sub
        Function Later(Optional ByVal p = 3, ParamArray r()) As String
        Later = StrConv(p, 64) & IIf(p = 1, "a", "b") & Later(p - 1)
        End Function
        """;

    public static IEnumerable<byte[]> Seeds()
    {
        yield return Encoding.UTF8.GetBytes(Everything);
        yield return Encoding.UTF8.GetBytes(Samples.RunsProgramSource);
        foreach (var (_, (name, content)) in EmotetMacros.All)
        {
            foreach (var source in Sources(name, content))
            {
                yield return source;
            }
        }
    }

    /// <summary>Octets are a source, or a document whose sources are taken.</summary>
    public static void Run(byte[] octets)
    {
        if (octets.Length > 8 && (octets[0] == 0xD0 || (octets[0] == 'P' && octets[1] == 'K')))
        {
            foreach (var source in Sources("a.xlsm", octets))
            {
                Follow(source);
            }
        }
        else
        {
            Follow(octets);
        }
    }

    private static List<byte[]> Sources(string name, byte[] document)
    {
        using var message = MessageReader.ReadDocument(name, new MemoryStream(document), new ReadLimits { Time = TimeSpan.FromSeconds(4) }, TimeProvider.System, CancellationToken.None);
        return [.. message.Parts.SelectMany(p => p.Vba).SelectMany(p => p.Modules).Select(m => Encoding.UTF8.GetBytes(m.Source))];
    }

    private static void Follow(byte[] octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        var half = text.Length / 2;
        var surroundings = new VbaSurroundings([new DocumentText(DocumentTextKind.Form, "UserForm1/TextBox1.Tag", "x"), new DocumentText(DocumentTextKind.Form, "UserForm1.Caption", "x")], new XlmProject([new XlmSheet("Sheet1", XlmVisibility.Visible, false, [new XlmCell(0, 0, null, "cmd"), new XlmCell(1, 1, null, 7d)])], [], false));
        var project = new VbaProject("VBA", 1252, [new VbaModule("Module1", text, false), new VbaModule("UserForm1", text[half..], false)], false);
        VbaBehaviour.Of(project, surroundings);
        MacroHash.Of(project);
    }
}
