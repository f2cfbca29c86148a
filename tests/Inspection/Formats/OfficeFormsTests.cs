using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class OfficeFormsTests
{
    [Fact]
    public void Controls_GiveNamesTagsAndValues()
    {
        var texts = Find(FormWriter.AddForm(new CompoundFileWriter(), "Macros/UserForm1", ("Box1", "the tag", "the value", "the group"), ("Box2", "", "second", "")));

        Assert.Contains(new DocumentText(DocumentTextKind.Form, "UserForm1.Caption", "Form"), texts);
        Assert.Contains(new DocumentText(DocumentTextKind.Form, "UserForm1.Caption", "Hello form"), texts);
        Assert.Contains(new DocumentText(DocumentTextKind.Form, "UserForm1/Box1.Tag", "the tag"), texts);
        Assert.Contains(new DocumentText(DocumentTextKind.Form, "UserForm1/Box1.Value", "the value"), texts);
        Assert.Contains(new DocumentText(DocumentTextKind.Form, "UserForm1/Box1.GroupName", "the group"), texts);
        Assert.Contains(new DocumentText(DocumentTextKind.Form, "UserForm1/Box2.Value", "second"), texts);
    }

    [Fact]
    public void BrokenForm_IsSearchedForText()
    {
        var texts = Find(new CompoundFileWriter().Add("Macros/F/f", [1, 2, 3]).Add("Macros/F/o", Encoding.Latin1.GetBytes("\u0001\u0002a text of more than twenty-four letters\u0003")));

        Assert.Equal("a text of more than twenty-four letters", Assert.Single(texts).Text);
    }

    private static List<DocumentText> Find(CompoundFileWriter file) => OfficeForms.Find(CompoundFile.Open(new MemoryStream(file.ToArray())), new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(5), 1 << 20));
}
