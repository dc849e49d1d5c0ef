using System.Diagnostics;
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
    private const int InName = -1, InFold = -2;

    private int _lineStart;
    private int _scanned; // what lies before needs no second look
    private int _colon; // of the line being read, or InName or InFold
    private int _lastColon; // of the last field appended, for a fold that extends it
    private int _lastLineEnd;
    private int _count;

    /// <summary>One bit for each <see cref="KnownHeader"/> met.</summary>
    public ulong Seen { get; private set; }

    /// <summary>Just behind the empty line, once that has been read.</summary>
    public int End { get; private set; }

    /// <summary>Whether the empty line was a bare LF, so that the head cannot be passed on as it came.</summary>
    public bool EndsInBareLineFeed { get; private set; }

    public bool HasSeen(KnownHeader known) => (Seen & (1UL << (int)known)) != 0;

    /// <summary>Starts over for lines that begin at <paramref name="position"/> of the bytes handed to <see cref="TryParse"/>.</summary>
    public void Start(int position)
    {
        _lineStart = _scanned = position;
        _colon = InName;
        _count = 0;
        Seen = 0;
        End = 0;
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
                    if (!IsFold(bytes, out refusal))
                    {
                        return End > 0;
                    }

                    _colon = InFold;
                }
                else if (bytes[_scanned] != ':')
                {
                    refusal = Refusal.FieldName;
                    return false;
                }
                else
                {
                    _colon = _scanned;
                }

                _scanned++;
            }

            var valueLength = bytes[_scanned..].IndexOfAny(Octets.Control);
            if (valueLength < 0)
            {
                _scanned = bytes.Length;
                return false;
            }

            _scanned += valueLength;
            if (!TryEndLine(bytes, _scanned, out var next, out refusal))
            {
                return false;
            }

            refusal = _colon == InFold ? Fold(bytes, headers, next) : Append(bytes, headers, next, maxFields);
            if (refusal is not null)
            {
                return false;
            }

            _lineStart = _scanned = next;
            _colon = InName;
        }
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
        headers.Append(_lineStart, _colon - _lineStart, start, length, next, known, isClean: bytes[next - 2] == Octets.Cr);
        Seen |= 1UL << (int)known;
        _count++;
        _lastColon = _colon;
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
