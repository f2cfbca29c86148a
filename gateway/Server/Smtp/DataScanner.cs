using System.Buffers;
using Sekisho.Store;

namespace Sekisho.Smtp;

/// <summary>Why a letter's octets were refused while they arrived.</summary>
public enum DataFault
{
    /// <summary>Nothing wrong so far.</summary>
    None,

    /// <summary>A CR without LF, or an LF without CR (RFC 5321 section 2.3.8): the stuff of SMTP smuggling.</summary>
    BareLineEnd,

    /// <summary>A NUL octet (RFC 5321 section 4.5.2 allows it nowhere).</summary>
    Nul,

    /// <summary>Larger than <c>MaxMessageSize</c>.</summary>
    TooLarge,

    /// <summary>The header block is larger than <c>MaxHeaderBlock</c>.</summary>
    HeaderTooLarge,

    /// <summary>A line is longer than <c>MaxDataLine</c>.</summary>
    LineTooLong,
}

/// <summary>Takes the octets of DATA or BDAT as they arrive, in one pass: finds the one true end, undoes dot-stuffing, watches line ends and limits.</summary>
/// <remarks>
/// Only CR LF . CR LF ends DATA. After a fault the octets are swallowed, not kept, until the true end, so that what follows cannot be taken for commands.
/// </remarks>
public sealed class DataScanner
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\r\n\0"u8);

    private readonly OctetsWriter _writer;
    private readonly bool _dots;
    private readonly bool _normalise;
    private readonly long _maxSize;
    private readonly int _maxHeader;
    private readonly int _maxLine;
    private State _state = State.LineStart;
    private long _size;
    private long _line;
    private bool _inHeader = true;

    /// <summary>A scanner for one letter.</summary>
    /// <param name="writer">Gets the plain octets.</param>
    /// <param name="dotStuffed">True for DATA, false for BDAT (RFC 3030 section 2).</param>
    /// <param name="normalise">Turn bare CR and bare LF into CRLF instead of refusing.</param>
    /// <param name="maxSize">Octets a letter may have.</param>
    /// <param name="maxHeader">Octets the header block may have.</param>
    /// <param name="maxLine">Octets a line may have with CRLF; null for any.</param>
    public DataScanner(OctetsWriter writer, bool dotStuffed, bool normalise, long maxSize, int maxHeader, int? maxLine)
    {
        _writer = writer;
        _dots = dotStuffed;
        _normalise = normalise;
        _maxSize = maxSize;
        _maxHeader = maxHeader;
        _maxLine = maxLine ?? int.MaxValue;
    }

    private enum State : byte
    {
        LineStart,
        InLine,
        Cr,
        Dot,
        DotCr,
    }

    /// <summary>The first thing that was wrong.</summary>
    public DataFault Fault { get; private set; }

    /// <summary>Octets taken off the wire and not kept because of <see cref="Fault"/>.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes octets.</summary>
    /// <param name="input">What has arrived.</param>
    /// <param name="ended">True when the end of DATA was found.</param>
    /// <returns>How many octets were consumed: all, or up to and with the end of DATA.</returns>
    public int Feed(ReadOnlySpan<byte> input, out bool ended)
    {
        ended = false;
        var i = 0;
        var run = 0; // input[run..i] is content not yet written

        while (i < input.Length)
        {
            switch (_state)
            {
                case State.LineStart:
                    _line = 0;
                    if (_dots && input[i] == (byte)'.')
                    {
                        Write(input[run..i]);
                        run = ++i;
                        _state = State.Dot;
                    }
                    else
                    {
                        _state = State.InLine;
                    }

                    break;

                case State.InLine:
                    var step = input[i..].IndexOfAny(Special);
                    if (step < 0)
                    {
                        _line += input.Length - i;
                        i = input.Length;
                        break;
                    }

                    _line += step + 1;
                    i += step;
                    switch (input[i])
                    {
                        case (byte)'\r' when i + 1 == input.Length:
                            // Only the next octet, still to come, tells whether this CR is bare.
                            Write(input[run..i]);
                            run = ++i;
                            _state = State.Cr;
                            break;
                        case (byte)'\r' when input[i + 1] == (byte)'\n':
                            i += 2;
                            EndLine(i - run);
                            break;
                        case 0:
                            Set(DataFault.Nul);
                            i++;
                            break;
                        default:
                            Write(input[run..i]);
                            BareLineEnd(input.Slice(i, 1));
                            run = ++i;
                            break;
                    }

                    break;

                case State.Cr:
                    if (input[i] == (byte)'\n')
                    {
                        Write("\r\n"u8);
                        run = ++i;
                        EndLine(0);
                    }
                    else
                    {
                        BareLineEnd("\r"u8);
                        run = i;
                        _state = State.InLine;
                    }

                    break;

                case State.Dot:
                    if (input[i] == (byte)'\r')
                    {
                        i++;
                        _state = State.DotCr;
                    }
                    else
                    {
                        run = i; // the stuffed dot is gone, the rest of the line is content
                        _state = State.InLine;
                    }

                    break;

                case State.DotCr:
                    if (input[i] == (byte)'\n')
                    {
                        ended = true;
                        return i + 1;
                    }

                    // ". CR x": the dot was a stuffed one and the CR is bare.
                    BareLineEnd("\r"u8);
                    run = i;
                    _state = State.InLine;
                    break;
            }
        }

        if (_state is State.LineStart or State.InLine)
        {
            Write(input[run..]);
        }

        return input.Length;
    }

    /// <summary>Ends a BDAT letter: a CR in last place is bare, too.</summary>
    public void Finish()
    {
        if (_state == State.Cr)
        {
            BareLineEnd("\r"u8);
            _state = State.InLine;
        }
    }

    private void BareLineEnd(ReadOnlySpan<byte> octet)
    {
        if (_normalise)
        {
            Write("\r\n"u8);
            var state = _state;
            EndLine(0);
            _line = 0;
            _state = state; // a dot behind it is content: only CRLF starts a line of SMTP
            return;
        }

        Set(DataFault.BareLineEnd);
        Write(octet); // not kept, but counted: a stream of nothing else has an end, too
    }

    /// <param name="unwritten">Octets of the run that ends here and is not yet in <see cref="_size"/>.</param>
    private void EndLine(int unwritten)
    {
        if (_line + 1 > _maxLine)
        {
            Set(DataFault.LineTooLong);
        }

        if (_inHeader)
        {
            if (_size + unwritten > _maxHeader)
            {
                Set(DataFault.HeaderTooLarge);
            }

            _inHeader = _line > 1; // the empty line ends the header block
        }

        _state = State.LineStart;
    }

    private void Set(DataFault fault)
    {
        if (Fault == DataFault.None)
        {
            Fault = fault;
        }
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        _size += octets.Length;
        if (_size > _maxSize)
        {
            Set(DataFault.TooLarge);
        }
        else if (_inHeader && _size > _maxHeader)
        {
            Set(DataFault.HeaderTooLarge);
        }

        if (Fault == DataFault.None)
        {
            _writer.Write(octets);
        }
        else
        {
            Dropped += octets.Length;
        }
    }
}
