using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class ShellSettingsFileTests
{
    [Theory]
    [InlineData("<libraryDescription xmlns=\"http://schemas.microsoft.com/windows/2009/library\"><simpleLocation><url>\\\\192.0.2.7\\share</url></simpleLocation></libraryDescription>", SignKind.RemoteObject, @"\\192.0.2.7\share")]
    [InlineData("<l:libraryDescription><l:url a='1'> https://host.example/dav?a&amp;b </l:url></l:libraryDescription>", SignKind.RemoteObject, "https://host.example/dav?a&b")]
    [InlineData("<PCSettings><DeepLink><![CDATA[cmd.exe /c echo harmless]]></DeepLink></PCSettings>", SignKind.ShortcutCommand, "cmd.exe /c echo harmless")]
    [InlineData("<libraryDescription><iconReference>\\\\192.0.2.7\\a.ico,1</iconReference></libraryDescription>", SignKind.RemoteObject, @"\\192.0.2.7\a.ico,1")]
    [InlineData("[Shell]\r\nCommand=2\r\nIconFile=\\\\192.0.2.7\\a.ico\r\n", SignKind.RemoteObject, @"\\192.0.2.7\a.ico")]
    public void Target_IsNoted(string file, SignKind kind, string evidence)
    {
        var found = new CarrierContents();

        ShellSettingsFile.Find(Encoding.UTF8.GetBytes(file), found);

        Assert.Contains(new CarrierSign(kind, evidence), found.Signs);
    }

    [Theory]
    [InlineData("<libraryDescription><url>knownfolder:{FDD39AD0-238F-46AF-ADB4-6C85480369C7}</url><iconReference>imageres.dll,-1002</iconReference></libraryDescription>")]
    [InlineData("<libraryDescription><url")]
    [InlineData("<libraryDescription><url>\\\\192.0.2.7")]
    public void WhatStaysHere_IsNot(string file)
    {
        var found = new CarrierContents();

        ShellSettingsFile.Find(Encoding.UTF8.GetBytes(file), found);

        Assert.Empty(found.Signs);
    }
}
