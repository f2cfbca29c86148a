using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Sekisho.Staff;

/// <summary>Writes a search filter as people write it (RFC 4515) into what LDAP sends (RFC 4511 section 4.5.1.7).</summary>
internal ref struct LdapFilter
{
    private const int MaxDepth = 32;
    private const int MaxLength = 10_000;

    private readonly string _text;
    private readonly AsnWriter _writer;
    private int _at;

    private LdapFilter(string text, AsnWriter writer) => (_text, _writer) = (text, writer);

    /// <summary>Writes a filter.</summary>
    /// <exception cref="FormatException">It is none; the message names the place.</exception>
    public static void Write(string text, AsnWriter writer)
    {
        if (text.Length > MaxLength)
        {
            throw new FormatException($"the filter is longer than {MaxLength:N0} characters");
        }

        var filter = new LdapFilter(text, writer);
        filter.Filter(0);
        if (filter._at < text.Length)
        {
            throw filter.Wrong("nothing more was expected");
        }
    }

    /// <summary>What is wrong with a filter; null for a good one.</summary>
    public static string? FaultIn(string text)
    {
        try
        {
            Write(text, new AsnWriter(AsnEncodingRules.BER));
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>True for an attribute's name or number, with options (<c>cn;lang-ja</c>; RFC 4512 section 2.5).</summary>
    public static bool IsAttribute(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 200 && char.IsAsciiLetterOrDigit(name[0]) && name.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-;.") < 0;

    private void Filter(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Wrong("the filter is nested too deep");
        }

        Expect('(');
        switch (_at < _text.Length ? _text[_at] : '\0')
        {
            case '&' or '|' when _text[_at++] is var sign:
                using (_writer.PushSequence(Tag(sign == '&' ? 0 : 1)))
                {
                    while (_at < _text.Length && _text[_at] == '(')
                    {
                        Filter(depth + 1);
                    }
                }

                break;
            case '!':
                _at++;
                using (_writer.PushSequence(Tag(2)))
                {
                    Filter(depth + 1);
                }

                break;
            default:
                Item();
                break;
        }

        Expect(')');
    }

    private void Item()
    {
        var end = _text.AsSpan(_at).IndexOfAny('(', ')');
        end = end < 0 ? _text.Length : _at + end;
        var equals = _text.IndexOf('=', _at, end - _at);
        if (equals <= _at)
        {
            throw Wrong("a comparison such as mail=* was expected");
        }

        var (left, value) = (_text[_at..equals], _text[(equals + 1)..end]);
        var kind = left[^1] switch { '>' => 5, '<' => 6, '~' => 8, ':' => 9, _ => 3 };
        var attribute = kind == 3 ? left : left[..^1];
        if (kind == 9)
        {
            Extensible(attribute, value);
        }
        else if (!IsAttribute(attribute))
        {
            throw Wrong($"\"{attribute}\" is no attribute's name");
        }
        else if (kind == 3 && value == "*")
        {
            _writer.WriteOctetString(Encoding.ASCII.GetBytes(attribute), new Asn1Tag(TagClass.ContextSpecific, 7));
        }
        else if (kind == 3 && value.Contains('*', StringComparison.Ordinal))
        {
            Substrings(attribute, value.Split('*'));
        }
        else
        {
            using (_writer.PushSequence(Tag(kind)))
            {
                _writer.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
                _writer.WriteOctetString(Value(value));
            }
        }

        _at = end;
    }

    private void Substrings(string attribute, string[] parts)
    {
        using (_writer.PushSequence(Tag(4)))
        {
            _writer.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
            using (_writer.PushSequence())
            {
                for (var i = 0; i < parts.Length; i++)
                {
                    if (parts[i].Length > 0)
                    {
                        _writer.WriteOctetString(Value(parts[i]), new Asn1Tag(TagClass.ContextSpecific, i == 0 ? 0 : i == parts.Length - 1 ? 2 : 1));
                    }
                }
            }
        }
    }

    /// <summary><c>attribute:dn:rule:=value</c>, as Active Directory's bit masks are written.</summary>
    private void Extensible(string left, string value)
    {
        var words = left.Split(':');
        var dn = words.Length > 1 && words[1].Equals("dn", StringComparison.OrdinalIgnoreCase);
        var rule = words.Length > (dn ? 2 : 1) ? words[^1] : "";
        if (words.Length > (dn ? 3 : 2) || (words[0].Length == 0 && rule.Length == 0) || (words[0].Length > 0 && !IsAttribute(words[0])) || (rule.Length > 0 && !IsAttribute(rule)))
        {
            throw Wrong($"\"{left}:\" is no attribute with a matching rule");
        }

        using (_writer.PushSequence(Tag(9)))
        {
            if (rule.Length > 0)
            {
                _writer.WriteOctetString(Encoding.ASCII.GetBytes(rule), new Asn1Tag(TagClass.ContextSpecific, 1));
            }

            if (words[0].Length > 0)
            {
                _writer.WriteOctetString(Encoding.ASCII.GetBytes(words[0]), new Asn1Tag(TagClass.ContextSpecific, 2));
            }

            _writer.WriteOctetString(Value(value), new Asn1Tag(TagClass.ContextSpecific, 3));
            if (dn)
            {
                _writer.WriteBoolean(true, new Asn1Tag(TagClass.ContextSpecific, 4));
            }
        }
    }

    /// <summary>A value with its escapes (<c>\28</c>) resolved.</summary>
    private readonly byte[] Value(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\\')
            {
                octets[length++] = i + 2 < octets.Length && byte.TryParse(octets.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
                    ? octet
                    : throw Wrong("behind a backslash stand two hexadecimal digits");
                i += 2;
            }
            else
            {
                octets[length++] = octets[i];
            }
        }

        return octets[..length];
    }

    private void Expect(char c)
    {
        if (_at >= _text.Length || _text[_at] != c)
        {
            throw Wrong($"\"{c}\" was expected");
        }

        _at++;
    }

    private readonly FormatException Wrong(string what) => new($"at character {_at + 1}: {what}");

    private static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);
}
