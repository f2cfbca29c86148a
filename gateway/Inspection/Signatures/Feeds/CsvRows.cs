namespace Sekisho.Inspection.Signatures;

/// <summary>Reads comma-separated values row by row (RFC 4180), as feeds write them: <c>#</c> lines are comments, blanks may stand before a quote.</summary>
/// <remarks>Knows line and column of every field. A row is valid until the next is read.</remarks>
internal sealed class CsvRows(TextReader reader, string file)
{
    private const int MaxColumns = 200;
    private const int MaxRow = 1 << 20;
    private const int MaxComments = 100;

    private readonly char[] buffer = new char[32 << 10];
    private readonly List<(int Start, int End, int Column)> fields = [];
    private char[] row = new char[4096];
    private int rowLength;
    private int at;
    private int filled;
    private long read;
    private long lineStart;
    private long line = 1;

    /// <summary>The line on which the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Fields of the row.</summary>
    public int Count => fields.Count;

    /// <summary>The comments met so far, without <c>#</c>; the first 100.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>A field, unquoted; empty where the row has no such field.</summary>
    public ReadOnlySpan<char> this[int index] => index < 0 || index >= fields.Count ? [] : row.AsSpan(fields[index].Start, fields[index].End - fields[index].Start);

    /// <summary>Where a field begins, from 1.</summary>
    public int Column(int index) => index < fields.Count ? fields[index].Column : 1;

    /// <summary>The next row; false at the end.</summary>
    /// <exception cref="InvalidDataException">Quotes that do not fit, a row that is too long.</exception>
    public bool Read()
    {
        while (true)
        {
            var c = Peek();
            if (c < 0)
            {
                return false;
            }

            if (c is '\r' or '\n')
            {
                at++;
                if (c == '\n')
                {
                    NextLine();
                }

                continue;
            }

            Line = line;
            rowLength = 0;
            fields.Clear();
            if (c == '#')
            {
                Comment();
                continue;
            }

            Row();
            return true;
        }
    }

    private void Comment()
    {
        at++;
        Run("\n");
        if (Comments.Count < MaxComments)
        {
            Comments.Add(row.AsSpan(0, rowLength).Trim().ToString());
        }
    }

    private void Row()
    {
        while (true)
        {
            int c;
            while ((c = Peek()) is ' ' or '\t')
            {
                at++;
            }

            var start = rowLength;
            var column = ColumnHere;
            if (c == '"')
            {
                Quoted(column);
            }
            else
            {
                Run(",\n");
            }

            var end = rowLength;
            while (end > start && row[end - 1] == '\r' && c != '"')
            {
                end--;
            }

            if (fields.Count == MaxColumns)
            {
                throw Fault(line, column, $"more than {MaxColumns} columns");
            }

            fields.Add((start, end, column));
            c = Peek();
            if (c != ',')
            {
                break; // A line's end is taken by the next Read.
            }

            at++;
        }
    }

    private void Quoted(int column)
    {
        var opened = line;
        at++;
        while (true)
        {
            Run("\"\n");
            var c = Peek();
            if (c < 0)
            {
                throw Fault(opened, column, "the quote that opens here is never closed");
            }

            at++;
            if (c == '\n')
            {
                Append("\n");
                NextLine();
                continue;
            }

            if (Peek() == '"')
            {
                at++;
                Append("\"");
                continue;
            }

            while (Peek() is ' ' or '\t' or '\r')
            {
                at++;
            }

            if (Peek() is not (',' or '\n' or < 0))
            {
                throw Fault(line, ColumnHere, "text stands behind a closing quote");
            }

            return;
        }
    }

    /// <summary>Appends to the row up to one of the ends, which stays.</summary>
    private void Run(ReadOnlySpan<char> ends)
    {
        while (Peek() >= 0)
        {
            var some = buffer.AsSpan(at, filled - at);
            var stop = some.IndexOfAny(ends);
            Append(stop < 0 ? some : some[..stop]);
            at += stop < 0 ? some.Length : stop;
            if (stop >= 0)
            {
                return;
            }
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (rowLength + text.Length > row.Length)
        {
            if (rowLength + text.Length > MaxRow)
            {
                throw Fault(Line, 1, $"the row is longer than {MaxRow:N0} characters");
            }

            Array.Resize(ref row, Math.Min(MaxRow, Math.Max(row.Length * 2, rowLength + text.Length)));
        }

        text.CopyTo(row.AsSpan(rowLength));
        rowLength += text.Length;
    }

    private int Peek()
    {
        if (at < filled)
        {
            return buffer[at];
        }

        read += filled;
        at = 0;
        filled = reader.Read(buffer, 0, buffer.Length);
        return filled > 0 ? buffer[0] : -1;
    }

    private void NextLine()
    {
        line++;
        lineStart = read + at;
    }

    private int ColumnHere => (int)Math.Min(int.MaxValue, read + at - lineStart + 1);

    private InvalidDataException Fault(long where, int column, string what) => new($"{file}, line {where}, column {column}: {what}.");
}
