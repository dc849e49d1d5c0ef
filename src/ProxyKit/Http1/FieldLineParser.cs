using System.Diagnostics;
using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>
/// Reads field lines up to the empty line that ends them: the headers of a request or response, or trailers. Goes on where it stopped
/// when more bytes come, so nothing is scanned twice.
/// </summary>
/// <remarks>Every byte is judged when it is seen, never later, so that how a message is cut into packets cannot change the verdict.
/// </remarks>
internal sealed class FieldLineParser
{
    private const int InName = -1, InFold = -2, InOdd = -3;

    private int _lineStart;
    private int _scanned; // what lies before needs no second look
    private int _colon; // of the line being read, or InName, InFold, or InOdd
    private int _lastColon; // of the last field appended, for a fold that extends it
    private int _lastLineEnd;
    private int _count;

    /// <summary>Whether lines without a name and a colon are left out rather than refused, and values may have NUL in them.</summary>
    public bool IsLenient { get; set; }

    /// <summary>One bit for each <see cref="KnownHeader"/> met.</summary>
    public ulong Seen { get; private set; }

    /// <summary>Just behind the empty line, once that has been read.</summary>
    public int End { get; private set; }

    /// <summary>Whether the empty line was a bare LF, so that the head cannot be passed on as it came.</summary>
    public bool EndsInBareLineFeed { get; private set; }

    /// <summary>How much stood in the lines that nobody must send and that was let pass.</summary>
    public int Oddities { get; private set; }

    public bool HasSeen(KnownHeader known) => (Seen & (1UL << (int)known)) != 0;

    /// <summary>Starts over for lines that begin at <paramref name="position"/> of the bytes handed to <see cref="TryParse"/>.</summary>
    public void Start(int position)
    {
        _lineStart = _scanned = position;
        _colon = InName;
        _count = 0;
        Seen = 0;
        End = Oddities = 0;
        EndsInBareLineFeed = false;
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">The head from its start, as far as it has come. Folds are joined in place.</param>
    /// <param name="headers">Where the fields go; its origin is the start of <paramref name="bytes"/>.</param>
    /// <param name="maxFields">How many fields there may be.</param>
    /// <param name="refusal">Why the lines cannot be accepted; null when they can, so far.</param>
    /// <returns>True when the empty line has been read.</returns>
    public bool TryParse(Span<byte> bytes, HeaderBlock headers, int maxFields, out Refusal? refusal)
    {
        refusal = null;
        while (true)
        {
            if (_colon == InName)
            {
                var length = bytes[_scanned..].IndexOfAnyExcept(Octets.Token);
                if (length < 0)
                {
                    _scanned = bytes.Length;
                    return false;
                }

                _scanned += length;
                if (_scanned == _lineStart)
                {
                    var isFold = IsFold(bytes, out refusal);
                    if (!isFold && !MayLeaveOut(ref refusal))
                    {
                        return End > 0;
                    }

                    _colon = isFold ? InFold : InOdd;
                }
                else if (bytes[_scanned] == ':')
                {
                    _colon = _scanned;
                }
                else
                {
                    refusal = Refusal.FieldName;
                    if (!MayLeaveOut(ref refusal))
                    {
                        return false;
                    }

                    _colon = InOdd;
                }

                _scanned += _colon == InOdd ? 0 : 1;
            }

            if (!TryFindEnd(bytes))
            {
                return false;
            }

            if (!TryEndLine(bytes, _scanned, out var next, out refusal))
            {
                return false;
            }

            refusal = _colon switch
            {
                InFold => Fold(bytes, headers, next),
                InOdd => LeaveOut(bytes, headers, next, maxFields),
                _ => Append(bytes, headers, next, maxFields),
            };
            if (refusal is not null)
            {
                return false;
            }

            _lineStart = _scanned = next;
            _colon = InName;
        }
    }

    /// <summary>Finds the control character that the line should end with; false where it is not here yet.</summary>
    private bool TryFindEnd(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var length = bytes[_scanned..].IndexOfAny(Octets.Control);
            _scanned = length < 0 ? bytes.Length : _scanned + length;
            if (length < 0 || !IsLenient || bytes[_scanned] != 0)
            {
                return length >= 0;
            }

            _scanned++;
            Oddities++;
        }
    }

    /// <summary>Whether a line that is refused for its name may be left out instead.</summary>
    private bool MayLeaveOut(ref Refusal? refusal)
    {
        if (!IsLenient || refusal != Refusal.FieldName)
        {
            return false;
        }

        refusal = null;
        return true;
    }

    /// <summary>Judges a line whose first byte is no token: a fold, the empty line, or nothing we accept.</summary>
    private bool IsFold(ReadOnlySpan<byte> bytes, out Refusal? refusal)
    {
        refusal = null;
        switch (bytes[_lineStart])
        {
            case Octets.Space or Octets.Tab:
                refusal = _count == 0 ? Refusal.FoldWithoutField : null;
                return _count > 0;
            case Octets.Cr or Octets.Lf:
                if (TryEndLine(bytes, _lineStart, out var next, out refusal))
                {
                    End = next;
                    EndsInBareLineFeed = next == _lineStart + 1;
                    Oddities += EndsInBareLineFeed ? 1 : 0;
                }

                return false;
            default:
                refusal = Refusal.FieldName;
                return false;
        }
    }

    /// <summary>Judges the control character at <paramref name="position"/>: only a line end may stand there.</summary>
    private static bool TryEndLine(ReadOnlySpan<byte> bytes, int position, out int next, out Refusal? refusal)
    {
        refusal = null;
        next = position + 1;
        switch (bytes[position])
        {
            case Octets.Lf: // RFC 9112 §2.2: a recipient may take a bare LF for a line end
                return true;
            case Octets.Cr when next == bytes.Length:
                return false;
            case Octets.Cr when bytes[next] == Octets.Lf:
                next++;
                return true;
            case Octets.Cr:
                refusal = Refusal.BareCarriageReturn;
                return false;
            default:
                refusal = Refusal.FieldValueControl;
                return false;
        }
    }

    private Refusal? Append(ReadOnlySpan<byte> bytes, HeaderBlock headers, int next, int maxFields)
    {
        if (_count == maxFields)
        {
            return Refusal.TooManyFields;
        }

        var (start, length) = TrimmedValue(bytes, _colon + 1, _scanned);
        var known = KnownHeaders.Find(bytes[_lineStart.._colon]);
        var isClean = bytes[next - 2] == Octets.Cr;
        headers.Append(_lineStart, _colon - _lineStart, start, length, next, known, isClean);
        Oddities += isClean && !(known is KnownHeader.Host or KnownHeader.ContentLength && HasSeen(known)) ? 0 : 1;
        Seen |= 1UL << (int)known;
        _count++;
        _lastColon = _colon;
        _lastLineEnd = next;
        return null;
    }

    /// <summary>Takes a line that is no field: nobody sees it, nor what folds continue it. One that somebody might take for a word on where the message
    /// ends is refused all the same.</summary>
    private Refusal? LeaveOut(ReadOnlySpan<byte> bytes, HeaderBlock headers, int next, int maxFields)
    {
        if (_count == maxFields)
        {
            return Refusal.TooManyFields;
        }

        var line = Encoding.Latin1.GetString(bytes[_lineStart.._scanned]);
        if (line.Contains("content-length", StringComparison.OrdinalIgnoreCase) || line.Contains("transfer-encoding", StringComparison.OrdinalIgnoreCase))
        {
            return Refusal.FieldName;
        }

        headers.Append(_lineStart, 0, _lineStart, 0, next, default, isClean: false);
        headers.RemoveAt(headers.TableLength - 1);
        Oddities++;
        _count++;
        _lastColon = _lineStart;
        _lastLineEnd = next;
        return null;
    }

    /// <summary>Joins a folded line to the field before it: the line end between them becomes spaces (RFC 9112 §5.2).</summary>
    private Refusal? Fold(Span<byte> bytes, HeaderBlock headers, int next)
    {
        Debug.Assert(_lastLineEnd == _lineStart, "a fold follows its field's line at once");
        bytes[_lastLineEnd - 1] = Octets.Space;
        if (bytes[_lastLineEnd - 2] == Octets.Cr)
        {
            bytes[_lastLineEnd - 2] = Octets.Space;
        }

        var (start, length) = TrimmedValue(bytes, _lastColon + 1, _scanned);
        headers.FoldLast(start, length, next);
        Oddities++;
        _lastLineEnd = next;
        return null;
    }

    private static (int Start, int Length) TrimmedValue(ReadOnlySpan<byte> bytes, int start, int end)
    {
        while (start < end && Octets.IsBlank(bytes[start]))
        {
            start++;
        }

        while (end > start && Octets.IsBlank(bytes[end - 1]))
        {
            end--;
        }

        return (start, end - start);
    }
}
