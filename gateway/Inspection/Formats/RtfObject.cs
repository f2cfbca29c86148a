using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>One embedded object of an RTF file while its hexadecimal text is gathered: an OLE 1 object (MS-OLEDS section 2.2).</summary>
internal sealed class RtfObject
{
    /// <summary>Octets of an object's head and a little more: with fewer there is nothing in it.</summary>
    private const int ShortestLoaded = 100;

    private readonly MemoryStream plain = new();
    private readonly MemoryStream all = new();
    private int half = -1;
    private int halfOfAll = -1;
    private bool skipsSomething;
    private string how = "";

    /// <summary>What <c>\objclass</c> says.</summary>
    public string ClassName { get; set; } = "";

    /// <summary>True where <c>\objupdate</c> has it loaded without a click.</summary>
    public bool IsUpdated { get; set; }

    /// <summary>True where its text is broken up by what does not belong there.</summary>
    public bool IsDisturbed { get; set; }

    /// <summary>Octets gathered.</summary>
    public long Length => all.Length;

    /// <summary>Notes what does not belong in an object's text.</summary>
    public void Disturb(string what)
    {
        IsDisturbed = true;
        how = how.Length == 0 ? what : how;
    }

    /// <summary>One character. What stands in a nested destination counts for some readers and for others not: both ways are kept.</summary>
    public void Hex(byte digit, bool isSkipped)
    {
        var value = HexValue(digit);
        if (value >= 0)
        {
            skipsSomething |= isSkipped;
            Push(all, ref halfOfAll, value);
            if (!isSkipped)
            {
                Push(plain, ref half, value);
            }
        }
    }

    /// <summary>Octets behind <c>\bin</c> stand for themselves.</summary>
    public void Binary(ReadOnlySpan<byte> octets, bool isSkipped)
    {
        Disturb("\\bin");
        (half, halfOfAll) = (isSkipped ? half : -1, -1);
        all.Write(octets);
        if (!isSkipped)
        {
            plain.Write(octets);
        }
    }

    /// <summary><c>\'</c> makes Word forget half an octet.</summary>
    public void DropHalf()
    {
        Disturb("\\'");
        (half, halfOfAll) = (-1, -1);
    }

    /// <summary>Takes out what was gathered.</summary>
    public void Finish(ReadBudget budget, CarrierContents found, string[] riskyClasses)
    {
        Object(plain.ToArray(), found, riskyClasses);
        if (skipsSomething)
        {
            budget.Unpack(all.Length);
            Object(all.ToArray(), found, riskyClasses);
        }

        if (IsDisturbed)
        {
            found.Note(SignKind.RtfObfuscated, $"an object's data is broken up by {how}");
        }

        if (IsUpdated)
        {
            found.Note(all.Length > ShortestLoaded ? SignKind.RtfObjectLoaded : SignKind.RtfSelfUpdate, ClassName.Length > 0 ? ClassName : "an object");
        }
    }

    private static int HexValue(byte digit) =>
        digit is >= (byte)'0' and <= (byte)'9' ? digit - '0' : (digit | 0x20) is var letter and >= 'a' and <= 'f' ? letter - 'a' + 10 : -1;

    private static void Push(MemoryStream into, ref int half, int value)
    {
        if (half < 0)
        {
            half = value;
            return;
        }

        into.WriteByte((byte)((half << 4) | value));
        half = -1;
    }

    private void Object(byte[] octets, CarrierContents found, string[] riskyClasses)
    {
        var rest = octets.AsSpan();
        var name = ClassName;
        string topic = "", item = "";
        var format = rest.Length >= 8 ? BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) & 0xFF : 0;
        var isWhole = false;
        if (format is 1 or 2)
        {
            rest = rest[8..];
            if (Counted(ref rest, out var given) && Counted(ref rest, out topic) && Counted(ref rest, out item))
            {
                ClassName = name = given.Length > 0 ? given : name;
                isWhole = true;
            }
        }

        Class(name, found, riskyClasses);
        if (isWhole && format == 1)
        {
            found.NoteRemote(SignKind.RemoteObject, topic);
            return;
        }

        var data = isWhole && rest.Length >= 4 ? rest[4..][..(int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest), (uint)rest.Length - 4)] : octets;
        var compound = octets.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        if (compound >= 0)
        {
            found.Take("object", octets[compound..]);
            return;
        }

        if (name.StartsWith("Equation", StringComparison.OrdinalIgnoreCase) && octets.Length > 0)
        {
            found.Note(SignKind.EquationExploit, $"{name}, not a compound file, {octets.Length} octets");
        }

        if (name.Equals("Package", StringComparison.OrdinalIgnoreCase) && OlePackage.Read([0, 0, 0, 0, .. data]) is { } package)
        {
            found.Note(SignKind.OlePackage, package.Name);
            found.Take(package.Name, package.Content);
        }
        else
        {
            found.Take("object", data.ToArray());
        }
    }

    private static void Class(string name, CarrierContents found, string[] riskyClasses)
    {
        if (name.StartsWith("Equation.", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Equation.DSMT", StringComparison.OrdinalIgnoreCase))
        {
            found.Note(SignKind.EquationObject, name);
        }

        if (Array.Exists(riskyClasses, c => name.StartsWith(c, StringComparison.OrdinalIgnoreCase)))
        {
            found.Note(SignKind.RiskyObject, name);
        }
    }

    private static bool Counted(ref Span<byte> rest, out string text)
    {
        text = "";
        var length = rest.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length > rest.Length - 4)
        {
            return false;
        }

        text = Encoding.Latin1.GetString(rest.Slice(4, (int)length)).TrimEnd('\0');
        rest = rest[(4 + (int)length)..];
        return true;
    }
}
