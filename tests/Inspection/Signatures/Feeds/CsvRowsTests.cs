using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures.Feeds;

public class CsvRowsTests
{
    [Theory]
    [InlineData("a,b\nc,d", "1:a|b;2:c|d")]
    [InlineData("a, \"b, \"\"c\"\"\" ,\r\n\r\nd\r\n", "1:a|b, \"c\"|;3:d")]
    [InlineData("\"two\nlines\",x\ny", "1:two\nlines|x;3:y")]
    [InlineData("# comment, with \"\na\"b\"c", "2:a\"b\"c")]
    [InlineData(",\n", "1:|")]
    [InlineData("", "")]
    public void Rows_AreReadWithTheirLine(string text, string expected)
    {
        var rows = new CsvRows(new StringReader(text), "t");
        var read = new List<string>();
        while (rows.Read())
        {
            read.Add($"{rows.Line}:{string.Join('|', Enumerable.Range(0, rows.Count).Select(i => rows[i].ToString()))}");
        }

        Assert.Equal(expected, string.Join(';', read));
    }

    [Fact]
    public void FieldsAcrossTheBuffersEnd_StayWhole()
    {
        var value = new string('x', 50_000);
        var rows = new CsvRows(new StringReader(string.Concat(Enumerable.Range(0, 20).Select(i => $"{value},\"{value}\"\"{i}\"\r\n"))), "t");
        for (var i = 0; i < 20; i++)
        {
            Assert.True(rows.Read());
            Assert.Equal((i + 1, 2, 50_000, $"{value}\"{i}", 50_002), (rows.Line, rows.Count, rows[0].Length, rows[1].ToString(), rows.Column(1)));
        }

        Assert.False(rows.Read());
    }

    [Theory]
    [InlineData("a\n\"b", "t, line 2, column 1: the quote that opens here is never closed.")]
    [InlineData("a,\"b\" c", "t, line 1, column 7: text stands behind a closing quote.")]
    public void BrokenQuotes_AreNamed(string text, string message)
    {
        var rows = new CsvRows(new StringReader(text), "t");
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => { while (rows.Read()) { } }).Message);
    }

    [Fact]
    public void EndlessRows_AreRefused()
    {
        Assert.Throws<InvalidDataException>(() => new CsvRows(new StringReader(new string('x', 3 << 20)), "t").Read());
        Assert.Throws<InvalidDataException>(() => new CsvRows(new StringReader(new string(',', 1000)), "t").Read());
    }
}
