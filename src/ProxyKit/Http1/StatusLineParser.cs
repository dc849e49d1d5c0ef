using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Reads a status line (RFC 9112 §4). Goes on where it stopped when more bytes come.</summary>
internal sealed class StatusLineParser
{
    private const int VersionLength = 8; // HTTP/1.1

    private int _scanned;

    public void Start() => _scanned = 0;

    /// <summary>Reads on.</summary>
    /// <param name="bytes">The head from its start, as far as it has come.</param>
    /// <param name="head">What to fill.</param>
    /// <param name="refusal">Why the line cannot be accepted; null when it can, so far.</param>
    /// <returns>True when the line has been read.</returns>
    public bool TryParse(ReadOnlySpan<byte> bytes, ResponseHead head, out Refusal? refusal)
    {
        refusal = null;
        var prefix = "HTTP/1."u8;
        if (_scanned < prefix.Length)
        {
            _scanned = Math.Min(prefix.Length, bytes.Length);
            if (!bytes[.._scanned].SequenceEqual(prefix[.._scanned]))
            {
                refusal = Refusal.VersionMalformed;
                return false;
            }
        }

        var length = bytes[_scanned..].IndexOfAny(Octets.Control);
        if (length < 0)
        {
            _scanned = bytes.Length;
            return false;
        }

        _scanned += length;
        var next = _scanned + 1;
        if (bytes[_scanned] == Octets.Cr)
        {
            if (next == bytes.Length)
            {
                return false;
            }

            if (bytes[next++] != Octets.Lf)
            {
                refusal = Refusal.BareCarriageReturn;
                return false;
            }
        }
        else if (bytes[_scanned] != Octets.Lf)
        {
            refusal = Refusal.ReasonPhraseByte;
            return false;
        }

        refusal = Complete(bytes[.._scanned], head);
        head.StartLineLength = next;
        head.IsStartLineClean &= bytes[_scanned] == Octets.Cr;
        return refusal is null;
    }

    /// <summary>Judges the line, its end left out.</summary>
    private static Refusal? Complete(ReadOnlySpan<byte> line, ResponseHead head)
    {
        if (line.Length <= VersionLength || !Octets.IsDigit(line[VersionLength - 1]) || !Octets.IsBlank(line[VersionLength]))
        {
            return Refusal.VersionMalformed;
        }

        var minor = line[VersionLength - 1];
        head.Protocol = minor == '0' ? HttpProtocol.Http10 : HttpProtocol.Http11;
        var start = VersionLength + 1;
        while (start < line.Length && Octets.IsBlank(line[start]))
        {
            start++;
        }

        var status = line[start..];
        if (status.Length < 3 || status[0] == '0' || status[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || (status.Length > 3 && !Octets.IsBlank(status[3])))
        {
            return Refusal.StatusMalformed;
        }

        head.Status = ((status[0] - '0') * 100) + ((status[1] - '0') * 10) + (status[2] - '0');
        head.ReasonRange = new Range(Math.Min(start + 4, line.Length), line.Length);

        // Without the space behind the status the line is none, strictly; we write it with one.
        head.IsStartLineClean = minor is (byte)'0' or (byte)'1' && start == VersionLength + 1 && line[VersionLength] == Octets.Space
            && status.Length > 3 && status[3] == Octets.Space;
        return null;
    }
}
