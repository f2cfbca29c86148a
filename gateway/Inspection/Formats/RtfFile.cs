using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads RTF as Word does, which forgives nearly everything: takes the embedded objects out, and notes the template, fields and tricks.</summary>
internal static class RtfFile
{
    private const int MaxDepth = 4000;
    private const int MaxObjects = 1000;

    /// <summary>Object classes that attacks use to load something when the document is opened.</summary>
    private static readonly string[] RiskyClasses = ["OLE2Link", "htmlfile", "scriptletfile", "Shell.Explorer", "ScriptBridge", "Msxml2"];

    private enum Place
    {
        Text,
        Data,
        Skipped,
        Class,
        Template,
        Field,
    }

    /// <summary>Looks through a whole RTF file.</summary>
    /// <param name="rtf">The file.</param>
    /// <param name="budget">Books what is taken out.</param>
    /// <param name="found">Where objects and signs go.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static void Find(ReadOnlySpan<byte> rtf, ReadBudget budget, CarrierContents found)
    {
        if (rtf.StartsWith("{\\rt"u8) && !rtf.StartsWith("{\\rtf1"u8) && !rtf.StartsWith("{\\rtf "u8) && !rtf.StartsWith("{\\rtf\\"u8))
        {
            found.Note(SignKind.RtfObfuscated, "the header is " + Encoding.Latin1.GetString(rtf[..Math.Min(rtf.Length, 12)]));
        }

        var groups = new Stack<(Place Place, StringBuilder? Text)>();
        var place = Place.Text;
        StringBuilder? text = null;
        RtfObject? current = null;
        var isUpdate = false;
        var isFirst = false;
        var isStarred = false;
        var objects = 0;
        for (var at = 0; at < rtf.Length;)
        {
            if (place == Place.Text)
            {
                var skip = rtf[at..].IndexOfAny((byte)'{', (byte)'}', (byte)'\\');
                if (skip < 0)
                {
                    break;
                }

                at += skip;
            }

            var b = rtf[at++];
            switch (b)
            {
                case (byte)'{':
                    if (groups.Count < MaxDepth)
                    {
                        groups.Push((place, text));
                    }

                    if (place is Place.Data or Place.Skipped)
                    {
                        current?.Disturb("nested groups");
                    }

                    (isFirst, isStarred) = (true, false);
                    continue;
                case (byte)'}':
                    var ended = place;
                    var collected = text;
                    (place, text) = groups.Count > 0 ? groups.Pop() : (Place.Text, null);
                    if (!ReferenceEquals(collected, text) && collected is not null)
                    {
                        Collected(ended, collected.ToString().Trim(), current, found);
                    }

                    if (ended == Place.Data && place is not (Place.Data or Place.Skipped) && current is not null)
                    {
                        budget.Unpack(current.Length);
                        current.Finish(budget, found, RiskyClasses);
                        (current, isUpdate) = (null, false);
                    }

                    isFirst = false;
                    continue;
                case (byte)'\\' when at < rtf.Length:
                    break;
                default:
                    if (place is Place.Data or Place.Skipped)
                    {
                        current?.Hex(b, place == Place.Skipped);
                    }
                    else if (text is { Length: < 4000 } && b is not ((byte)'\r' or (byte)'\n'))
                    {
                        text.Append((char)b);
                    }

                    continue;
            }

            if (!char.IsAsciiLetter((char)rtf[at]))
            {
                var symbol = rtf[at++];
                if (symbol == '*')
                {
                    isStarred = true;
                }
                else if (symbol == '\'' && at + 2 <= rtf.Length)
                {
                    if (place is Place.Data or Place.Skipped)
                    {
                        current?.DropHalf();
                    }
                    else if (text is { Length: < 4000 } && byte.TryParse(rtf.Slice(at, 2), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out var character))
                    {
                        text.Append((char)character);
                    }

                    at += 2;
                }
                else if (text is { Length: < 4000 } && symbol is (byte)'\\' or (byte)'{' or (byte)'}')
                {
                    text?.Append((char)symbol);
                }

                continue;
            }

            var start = at;
            while (at < rtf.Length && char.IsAsciiLetter((char)rtf[at]))
            {
                at++;
            }

            var word = rtf[start..at];
            var parameter = 0L;
            var negative = at < rtf.Length && rtf[at] == '-';
            at += negative ? 1 : 0;
            while (at < rtf.Length && char.IsAsciiDigit((char)rtf[at]))
            {
                parameter = Math.Min(int.MaxValue, (parameter * 10) + (rtf[at++] - '0'));
            }

            if (at < rtf.Length && rtf[at] == ' ')
            {
                at++;
            }

            if (word.SequenceEqual("bin"u8))
            {
                var length = negative ? 0 : (int)Math.Min(parameter, rtf.Length - at);
                if (place is Place.Data or Place.Skipped)
                {
                    current?.Binary(rtf.Slice(at, length), place == Place.Skipped);
                }

                at += length;
            }
            else if (word.SequenceEqual("objdata"u8))
            {
                if (objects++ < MaxObjects)
                {
                    current ??= new RtfObject();
                    current.IsUpdated = isUpdate;
                    current.IsDisturbed |= place is Place.Data or Place.Skipped;
                    (place, text) = (Place.Data, null);
                }
            }
            else if (place is Place.Data)
            {
                current?.Disturb($"\\{Encoding.ASCII.GetString(word[..Math.Min(word.Length, 30)])}");
                place = isFirst && isStarred ? Place.Skipped : place;
            }
            else if (word.SequenceEqual("objclass"u8))
            {
                (place, text) = (Place.Class, new StringBuilder());
                current ??= new RtfObject();
            }
            else if (word.SequenceEqual("template"u8))
            {
                (place, text) = (Place.Template, new StringBuilder());
            }
            else if (word.SequenceEqual("fldinst"u8))
            {
                (place, text) = (Place.Field, new StringBuilder());
            }
            else if (word.SequenceEqual("objupdate"u8) || word.SequenceEqual("objautlink"u8))
            {
                isUpdate |= word.SequenceEqual("objupdate"u8);
            }
            else if (word.SequenceEqual("object"u8) && place == Place.Text)
            {
                (current, isUpdate) = (null, false);
            }
            else if (word.SequenceEqual("u"u8) && text is { Length: < 4000 } && parameter is > 0 and < 65536)
            {
                text.Append(negative ? (char)(65536 - parameter) : (char)parameter);
            }

            isFirst = false;
        }

        if (current is { Length: > 0 })
        {
            budget.Unpack(current.Length);
            current.Finish(budget, found, RiskyClasses); // The last brace is missing, which Word does not mind.
        }

        if (text is not null)
        {
            Collected(place, text.ToString().Trim(), current, found);
        }
    }

    private static void Collected(Place place, string text, RtfObject? current, CarrierContents found)
    {
        switch (place)
        {
            case Place.Template:
                found.NoteRemote(SignKind.RemoteTemplate, text);
                break;
            case Place.Field:
                DataExchange.Field(found, text);
                break;
            case Place.Class when current is not null:
                current.ClassName = text;
                break;
        }
    }
}

/// <summary>One embedded object of an RTF file while its hexadecimal text is gathered: an OLE 1 object (MS-OLEDS section 2.2).</summary>
internal sealed class RtfObject
{
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
            found.Note(SignKind.RtfSelfUpdate, ClassName.Length > 0 ? ClassName : "an object");
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
