using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures.Feeds;

public class StixPatternTests
{
    [Theory]
    [InlineData("[url:value = 'http://a.example/x']", "url:value=http://a.example/x")]
    [InlineData("[ file:hashes.'SHA-256'='aa' OR file:hashes.MD5 = 'bb' ]", "file:hashes.sha-256=aa|file:hashes.md5=bb")]
    [InlineData("[a:b = '1' AND (a:c = '2' OR a:d = '3')]", "a:b=1&a:c=2|a:b=1&a:d=3")]
    [InlineData("([a:b = '1'] OR [a:b IN ('2','3')])", "a:b=1|a:b=2|a:b=3")]
    [InlineData("[a:b = 'it\\'s \\\\']", "a:b=it's \\")]
    public void Alternatives_AreFound(string pattern, string expected) =>
        Assert.Equal(expected, string.Join('|', StixPattern.Read(pattern, out _)!.Select(all => string.Join('&', all.Select(c => $"{c.Path}={c.Value}")))));

    [Theory]
    [InlineData("[a:b LIKE '%x']")]
    [InlineData("[a:b != 'x']")]
    [InlineData("[a:b = 'x'] AND [a:c = 'y']")]
    [InlineData("[a:b = 'x'] FOLLOWEDBY [a:c = 'y']")]
    [InlineData("[a:b = 'x'] WITHIN 5 SECONDS")]
    [InlineData("[a:b = 'x'")]
    [InlineData("[a:b = 'x")]
    [InlineData("")]
    [InlineData("[b = 'x']")]
    public void WhatCannotBeAnswered_IsRefused(string pattern)
    {
        Assert.Null(StixPattern.Read(pattern, out var why));
        Assert.StartsWith("character ", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_PatternsEnd()
    {
        Assert.Null(StixPattern.Read(new string('(', 100_000), out _));
        Assert.Null(StixPattern.Read("[" + string.Join(" AND ", Enumerable.Repeat("(a:b='1' OR a:b='2')", 40)) + "]", out var why));
        Assert.Contains("too many", why, StringComparison.Ordinal);
    }
}
