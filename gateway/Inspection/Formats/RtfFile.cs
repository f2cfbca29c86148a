using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads RTF as Word does, which forgives nearly everything: takes the embedded objects out, and notes the template, fields and tricks.</summary>
internal static class RtfFile
{
    private const int MaxDepth = 4000;
    private const int MaxObjects = 1000;
    private const int MaxFallback = 100;

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

        var groups = new Stack<(Place Place, StringBuilder? Text, int Fallback)>();
        var fallback = 1; // Characters behind \u for readers that do not know it (\uc), kept by group.
        var skipped = 0;
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
            skipped = b is (byte)'{' or (byte)'}' || text is null ? 0 : skipped;
            switch (b)
            {
                case (byte)'{':
                    if (groups.Count < MaxDepth)
                    {
                        groups.Push((place, text, fallback));
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
                    (place, text, fallback) = groups.Count > 0 ? groups.Pop() : (Place.Text, null, 1);
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
                        Shown(text, (char)b, ref skipped);
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
                        Shown(text, (char)character, ref skipped);
                    }

                    at += 2;
                }
                else if (text is { Length: < 4000 } && symbol is ((byte)'\\' or (byte)'{' or (byte)'}'))
                {
                    Shown(text, (char)symbol, ref skipped);
                }

                continue;
            }

            var start = at;
            while (at < rtf.Length && char.IsAsciiLetter((char)rtf[at]))
            {
                at++;
            }

            skipped = 0; // Rather a character too many than a word hidden.
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
            else if (word.SequenceEqual("uc"u8))
            {
                fallback = negative ? 0 : (int)Math.Min(parameter, MaxFallback);
            }
            else if (word.SequenceEqual("u"u8) && text is { Length: < 4000 } && parameter > 0)
            {
                // A signed number of 16 bits; larger ones wrap.
                text.Append((char)(ushort)(negative ? -parameter : parameter));
                skipped = fallback;
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

    /// <summary>A character of a text, unless it stands only for readers that know no <c>\u</c> (RTF 1.9, "Unicode RTF").</summary>
    private static void Shown(StringBuilder text, char character, ref int skipped)
    {
        if (skipped > 0)
        {
            skipped--;
        }
        else
        {
            text.Append(character);
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
