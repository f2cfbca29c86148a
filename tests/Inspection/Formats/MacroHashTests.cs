using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class MacroHashTests
{
    private const string Plain = "Sub Total()\r\n    Range(\"A1\").Value = 1 + 2\r\nEnd Sub\r\n";

    [Theory]
    [InlineData("Attribute VB_Name = \"Other\"\r\n" + Plain)]
    [InlineData("' a comment\r\nSub total()\r\n\r\nRem another\r\n\tRANGE(\"A1\").value = _\r\n 1 + 2 ' here too\r\nEnd Sub")]
    public void LayoutCommentsAndAttributes_ChangeNothing(string source) => Assert.Equal(Hash(Plain), Hash(source));

    [Theory]
    [InlineData("Sub Total()\r\n    Range(\"a1\").Value = 1 + 2\r\nEnd Sub\r\n")]
    [InlineData("Sub Total()\r\n    Range(\"A1\").Value = 1 + 3\r\nEnd Sub\r\n")]
    [InlineData("Sub Total()\r\n    Range(\"A1\").Value = 12\r\nEnd Sub\r\n")]
    public void CodeThatDiffers_HasAnotherHash(string source) => Assert.NotEqual(Hash(Plain), Hash(source));

    [Fact]
    public void WhatWasNotRead_HasNone()
    {
        Assert.Null(MacroHash.Of(new VbaModule("M", Plain, true)));
        Assert.Null(Hash("Attribute VB_Name = \"Sheet1\"\r\n' nothing\r\n"));
        Assert.Null(MacroHash.Of(new VbaProject("VBA", 932, [new VbaModule("M", Plain, false)], true)));
        Assert.Null(MacroHash.Of(new VbaProject("VBA", 932, [new VbaModule("M", Plain, false), new VbaModule("N", "", true)], false)));
    }

    [Fact]
    public void Project_DoesNotCareForOrder_NorForEmptyModules()
    {
        var a = new VbaModule("A", Plain, false);
        var b = new VbaModule("B", "Sub X()\r\nEnd Sub", false);

        Assert.Equal(Of(a, b), Of(b, new VbaModule("Sheet9", "Attribute VB_Name = \"Sheet9\"", false), a));
        Assert.NotEqual(Of(a, b), Of(a));
        Assert.Equal(64, Of(a)!.Length);
    }

    private static string? Hash(string source) => MacroHash.Of(new VbaModule("M", source, false));

    private static string? Of(params VbaModule[] modules) => MacroHash.Of(new VbaProject("VBA", 932, modules, false));
}
