namespace Sekisho.Inspection.Formats;

/// <summary>How much compiled VBA of one file may still be written out: names are short in the code and long in the text, and modules are many.</summary>
internal sealed class VbaTextBudget
{
    /// <summary>Characters written in all.</summary>
    public int Written { get; set; } = 16 << 20;

    /// <summary>Characters moved to make room for others.</summary>
    public int Moved { get; set; } = 256 << 20;

    /// <summary>True once either has run out: what is written so far stands.</summary>
    public bool IsSpent => Written <= 0 || Moved <= 0;
}

/// <summary>A stack of expressions in one run of characters, so that a sum of a thousand texts is not copied a thousand times.</summary>
internal sealed class VbaExpressions(VbaTextBudget budget)
{
    private readonly List<int> starts = [];
    private char[] characters = new char[256];
    private int length;

    /// <summary>How many there are.</summary>
    public int Count => starts.Count;

    /// <summary>Puts one on top.</summary>
    public void Push(ReadOnlySpan<char> text)
    {
        starts.Add(length);
        Insert(length, text);
    }

    /// <summary>Sees to it that there are so many; what is missing becomes a question mark.</summary>
    public void Need(int count)
    {
        while (Count < count)
        {
            Push("?");
        }
    }

    /// <summary>Writes behind the top one.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        Need(1);
        Insert(length, text);
    }

    /// <summary>Writes around the top one.</summary>
    public void Wrap(ReadOnlySpan<char> before, ReadOnlySpan<char> after)
    {
        Need(1);
        Insert(starts[^1], before);
        Insert(length, after);
    }

    /// <summary>Makes one of the top two.</summary>
    public void Join(ReadOnlySpan<char> between)
    {
        Need(2);
        Insert(starts[^1], between);
        starts.RemoveAt(Count - 1);
    }

    /// <summary>Makes a call of the top one, which is what is called, and of the arguments below it.</summary>
    /// <param name="arguments">0 or more; as many as there are will do.</param>
    public void Call(int arguments)
    {
        Need(1);
        arguments = Math.Min(arguments, Count - 1);
        Lower(arguments);
        if (arguments == 0)
        {
            Insert(length, "()");
            return;
        }

        for (var i = 0; i < arguments; i++)
        {
            Join(i == arguments - 1 ? "(" : ", ");
        }

        Insert(length, ")");
    }

    /// <summary>Takes the top one off.</summary>
    public string Pop()
    {
        Need(1);
        var text = new string(characters, starts[^1], length - starts[^1]);
        length = starts[^1];
        starts.RemoveAt(Count - 1);
        return text;
    }

    /// <summary>Takes the top ones off, in the order they were put there; at most as many as there are.</summary>
    public string[] Take(int count)
    {
        var taken = new string[Math.Min(count, Count)];
        for (var i = taken.Length - 1; i >= 0; i--)
        {
            taken[i] = Pop();
        }

        return taken;
    }

    /// <summary>Takes all off.</summary>
    public void Clear()
    {
        starts.Clear();
        length = 0;
    }

    /// <summary>Moves the top one below so many others.</summary>
    private void Lower(int others)
    {
        if (others == 0)
        {
            return;
        }

        var top = characters.AsSpan(starts[^1], length - starts[^1]).ToArray();
        var first = Count - 1 - others;
        var from = starts[first];
        var moved = length - top.Length - from;
        budget.Moved -= moved + top.Length;
        characters.AsSpan(from, moved).CopyTo(characters.AsSpan(from + top.Length));
        top.CopyTo(characters.AsSpan(from));
        for (var i = Count - 1; i > first; i--)
        {
            starts[i] = starts[i - 1] + top.Length;
        }
    }

    private void Insert(int at, ReadOnlySpan<char> text)
    {
        if (budget.IsSpent)
        {
            return;
        }

        if (length + text.Length > characters.Length)
        {
            Array.Resize(ref characters, (length + text.Length) * 2);
        }

        budget.Moved -= length - at + text.Length;
        characters.AsSpan(at, length - at).CopyTo(characters.AsSpan(at + text.Length));
        text.CopyTo(characters.AsSpan(at));
        length += text.Length;
    }
}
