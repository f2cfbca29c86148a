using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes the texts out of an Outlook item (MS-OXMSG) and of the items enclosed in it; attachments are taken by <see cref="OfficeCompound"/>.</summary>
internal static class OutlookItem
{
    private const int LongestBody = 16 << 20;
    private const int MaxItems = 200;
    private const string EnclosedItem = "__substg1.0_3701000D";

    /// <summary>Bodies as files <c>body.txt</c>, <c>body.html</c>, <c>body.rtf</c>; of enclosed items in a folder of their own. Subjects and senders are noted.</summary>
    /// <param name="file">The item.</param>
    /// <param name="budget">Books what is taken out.</param>
    /// <param name="found">Where it goes.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static void Find(CompoundFile file, ReadBudget budget, CarrierContents found)
    {
        Item(file, "", "", budget, found);
        var number = 0;
        foreach (var entry in file.Entries)
        {
            if (entry.IsStorage && entry.Name.Equals(EnclosedItem, StringComparison.OrdinalIgnoreCase) && number < MaxItems)
            {
                number++;
                Item(file, entry.Path + "/", $"enclosed-{number}/", budget, found);
            }
        }
    }

    private static void Item(CompoundFile file, string storage, string folder, ReadBudget budget, CarrierContents found)
    {
        var subject = Text(file, storage, "0037", 2000);
        if (subject.Length > 0)
        {
            found.Note(SignKind.MessageSubject, subject);
        }

        // PidTagSenderSmtpAddress, else PidTagSenderEmailAddress; and the name shown (MS-OXPROPS).
        var address = Text(file, storage, "5D01", 1000) is { Length: > 0 } smtp ? smtp : Text(file, storage, "0C1F", 1000);
        var name = Text(file, storage, "0C1A", 1000);
        if (address.Length + name.Length > 0)
        {
            found.Note(SignKind.MessageSender, address.Length == 0 ? name : name.Length == 0 ? address : $"{name} <{address}>");
        }

        var plain = Text(file, storage, "1000", LongestBody);
        budget.Unpack(plain.Length);
        found.Take(folder + "body.txt", Encoding.UTF8.GetBytes(plain));
        if (file.Find(storage + "__substg1.0_10130102") is { } html)
        {
            budget.Unpack(Math.Min(html.Length, LongestBody));
            found.Take(folder + "body.html", file.Read(html, LongestBody));
        }
        else
        {
            found.Take(folder + "body.html", Encoding.UTF8.GetBytes(Text(file, storage, "1013", LongestBody)));
        }

        if (file.Find(storage + "__substg1.0_10090102") is { } rtf)
        {
            found.Take(folder + "body.rtf", CompressedRtf.Unpack(file.Read(rtf, LongestBody), budget));
        }
    }

    private static string Text(CompoundFile file, string storage, string tag, int longest) =>
        file.Find($"{storage}__substg1.0_{tag}001F") is { } wide ? Encoding.Unicode.GetString(file.Read(wide, longest)).TrimEnd('\0')
        : file.Find($"{storage}__substg1.0_{tag}001E") is { } narrow ? TextOf.Narrow(file.Read(narrow, longest).AsSpan().TrimEnd((byte)0)) : "";
}

/// <summary>Unpacks the compressed RTF of Outlook items (MS-OXRTFCP section 2.1.3).</summary>
internal static class CompressedRtf
{
    private const int Window = 4096;
    private const int Longest = 64 << 20;

    private static readonly byte[] Beginning = Encoding.ASCII.GetBytes(
        @"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
        + "\r\n" + @"\par \pard\plain\f0\fs20\b\i\u\tab\tx");

    /// <summary>The RTF, as far as it can be unpacked; empty for what is none.</summary>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, ReadBudget budget)
    {
        if (packed.Length < 16)
        {
            return [];
        }

        var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(packed[4..]), Longest);
        var type = BinaryPrimitives.ReadUInt32LittleEndian(packed[8..]);
        packed = packed[16..];
        if (type == 0x414C454D)
        {
            return packed[..Math.Min(size, packed.Length)].ToArray();
        }

        if (type != 0x75465A4C)
        {
            return [];
        }

        var window = new byte[Window];
        Beginning.CopyTo(window, 0);
        var write = Beginning.Length;
        using var output = new MemoryStream();
        void Put(byte b)
        {
            window[write] = b;
            write = (write + 1) % Window;
            output.WriteByte(b);
        }

        while (packed.Length > 0 && output.Length < size)
        {
            var control = packed[0];
            packed = packed[1..];
            for (var bit = 0; bit < 8 && packed.Length > 0 && output.Length < size; bit++, control >>= 1)
            {
                if ((control & 1) == 0)
                {
                    Put(packed[0]);
                    packed = packed[1..];
                    continue;
                }

                if (packed.Length < 2)
                {
                    packed = [];
                    break;
                }

                var reference = BinaryPrimitives.ReadUInt16BigEndian(packed);
                packed = packed[2..];
                var offset = reference >> 4;
                if (offset == write)
                {
                    packed = [];
                    break;
                }

                for (var i = 0; i < (reference & 15) + 2; i++)
                {
                    Put(window[(offset + i) % Window]);
                }
            }

            budget.Unpack(0);
        }

        budget.Unpack(output.Length);
        return output.ToArray();
    }
}
