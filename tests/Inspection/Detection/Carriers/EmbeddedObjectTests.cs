using System.Text;
using Sekisho.Inspection.Detection.Carriers;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Carriers;

public class EmbeddedObjectTests
{
    [Fact]
    public void Package_IsFoundWithItsName()
    {
        var document = new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add("ObjectPool/_1/\u0001Ole10Native", CarrierWriter.Package("invoice.pdf", @"C:\x\invoice.js", [1, 2, 3])).ToArray();
        using var message = Letters.OpenDocument("a.doc", document);

        Assert.Equal("invoice.js (shown as invoice.pdf, from C:\\x\\invoice.js)", Assert.Single(Letters.Ask(new EmbeddedObject(), message)).Evidence);
        Assert.Contains(message.Parts, p => p.Name == "invoice.js" && p.Length == 3);
    }

    [Fact]
    public void EquationWithALongFontName_IsAnAttack()
    {
        byte[] sound = [28, 0, .. new byte[26], 3, 1, 1, 3, 10, 10, 8, 1, 0, .. "Times"u8, 0, 0, 0, 0, 0, 0];
        byte[] attack = [28, 0, .. new byte[26], 3, 1, 1, 3, 10, 10, 8, 1, 0, .. Encoding.ASCII.GetBytes(new string('A', 60)), 0];

        Assert.Equal(["EQUATION_OBJECT"], Letters.Codes(new EmbeddedObject(), "a.doc", new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add("ObjectPool/_1/Equation Native", sound).ToArray()));
        Assert.Equal(["EQUATION_EXPLOIT"], Letters.Codes(new EmbeddedObject(), "a.doc", new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add("ObjectPool/_1/Equation Native", attack).ToArray()));
    }

    [Fact]
    public void EquationClassWithForeignData_IsAnAttack() => Assert.Contains("EQUATION_EXPLOIT",
        Letters.Codes(new EmbeddedObject(), "a.bin", new CompoundFileWriter { ClassId = new Guid("0002CE02-0000-0000-C000-000000000046") }.Add("\u0001Ole10Native", new byte[100]).ToArray()));

    [Fact]
    public void ScriptMoniker_IsFound() => Assert.Equal(["SCRIPT_MONIKER"],
        Letters.Codes(new EmbeddedObject(), "a.bin", new CompoundFileWriter { ClassId = new Guid("06290BD3-48AA-11D2-8432-006008C3FBFC") }.Add("x", new byte[100]).ToArray()));

    [Fact]
    public void Ribbon_IsFound() => Assert.Equal(["RIBBON_ONLOAD"], Letters.Codes(new EmbeddedObject(), "a.docx",
        CarrierWriter.WordPackage("", "</w:body><customUI onLoad=\"Start\"/><w:body>")));

    [Fact]
    public void OrdinaryDocument_IsNot() => Assert.Empty(Letters.Codes(new EmbeddedObject(), "a.doc", Samples.OldDocument()));
}
