using System.Diagnostics;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Reads a request line (RFC 9112 §3). Goes on where it stopped when more bytes come.</summary>
/// <remarks>Runs of blanks between the three parts are accepted, as HAProxy does, and written as one space.</remarks>
internal sealed class RequestLineParser
{
    private const int VersionLength = 8; // HTTP/1.1

    private enum Part
    {
        Method,
        BeforeTarget,
        Target,
        Version,
    }

    private Part _part;
    private int _scanned;
    private int _methodEnd;
    private int _targetStart;
    private int _targetEnd;

    /// <summary>Whether the target may have a number sign in it, and bytes that are not of ASCII.</summary>
    public bool IsLenient { get; set; }

    /// <summary>Whether it has a byte in it that only <see cref="IsLenient"/> lets pass.</summary>
    public bool HasOddTarget { get; private set; }

    public void Start()
    {
        HasOddTarget = false;
        _part = Part.Method;
        _scanned = 0;
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">The head from its start, as far as it has come.</param>
    /// <param name="head">What to fill.</param>
    /// <param name="refusal">Why the line cannot be accepted; null when it can, so far.</param>
    /// <returns>True when the line has been read.</returns>
    public bool TryParse(ReadOnlySpan<byte> bytes, RequestHead head, out Refusal? refusal)
    {
        refusal = null;
        if (_part == Part.Method)
        {
            var length = bytes[_scanned..].IndexOfAnyExcept(Octets.Token);
            if (length < 0)
            {
                _scanned = bytes.Length;
                return false;
            }

            _methodEnd = _scanned += length;
            if (_methodEnd == 0 || !Octets.IsBlank(bytes[_methodEnd]))
            {
                refusal = Refusal.MethodNotToken;
                return false;
            }

            _part = Part.BeforeTarget;
        }

        if (_part == Part.BeforeTarget)
        {
            while (_scanned < bytes.Length && Octets.IsBlank(bytes[_scanned]))
            {
                _scanned++;
            }

            if (_scanned == bytes.Length)
            {
                return false;
            }

            _targetStart = _scanned;
            _part = Part.Target;
        }

        if (_part == Part.Target)
        {
            var length = bytes[_scanned..].IndexOfAnyExcept(IsLenient ? Octets.LenientTarget : Octets.Target);
            if (length < 0)
            {
                _scanned = bytes.Length;
                return false;
            }

            _targetEnd = _scanned += length;
            if (!Octets.IsBlank(bytes[_targetEnd]))
            {
                refusal = bytes[_targetEnd] is Octets.Cr or Octets.Lf ? Refusal.VersionMissing : Refusal.TargetByte;
                return false;
            }

            _part = Part.Version;
        }

        var lineFeed = bytes[_scanned..].IndexOf(Octets.Lf);
        if (lineFeed < 0)
        {
            _scanned = bytes.Length;
            return false;
        }

        lineFeed += _scanned;
        refusal = Complete(bytes[..(lineFeed + 1)], head);
        return refusal is null;
    }

    /// <summary>Judges the line as a whole.</summary>
    private Refusal? Complete(ReadOnlySpan<byte> line, RequestHead head)
    {
        var lineEnd = line.Length - 1;
        var isClean = line[lineEnd - 1] == Octets.Cr;
        if (isClean)
        {
            lineEnd--;
        }

        var versionStart = _targetEnd;
        while (versionStart < lineEnd && Octets.IsBlank(line[versionStart]))
        {
            versionStart++;
        }

        if (versionStart == lineEnd)
        {
            return Refusal.VersionMissing;
        }

        var method = line[.._methodEnd];
        if (method.SequenceEqual("PRI"u8))
        {
            return Refusal.MethodOfHttp2;
        }

        var version = line[versionStart..lineEnd];
        if (version.SequenceEqual("HTTP/1.1"u8))
        {
            head.Protocol = HttpProtocol.Http11;
        }
        else if (version.SequenceEqual("HTTP/1.0"u8))
        {
            head.Protocol = HttpProtocol.Http10;
        }
        else if (!IsVersion(version))
        {
            return Refusal.VersionMalformed;
        }
        else if (version[5] != '1')
        {
            return Refusal.VersionUnsupported;
        }
        else
        {
            head.Protocol = HttpProtocol.Http11; // RFC 9110 §2.5: read as the highest minor version we know
            isClean = false;
        }

        Debug.Assert(_targetStart > _methodEnd && _targetEnd > _targetStart && versionStart > _targetEnd, "three parts");
        HasOddTarget = IsLenient && line[_targetStart.._targetEnd].ContainsAnyExcept(Octets.Target);
        head.Method = RequestMethods.Parse(method);
        head.MethodRange = new Range(0, _methodEnd);
        head.StartLineLength = line.Length;
        head.IsStartLineClean = isClean
            && _targetStart == _methodEnd + 1 && line[_methodEnd] == Octets.Space
            && versionStart == _targetEnd + 1 && line[_targetEnd] == Octets.Space;
        return RequestTarget.Read(head, line[.._targetEnd], _targetStart);
    }

    private static bool IsVersion(ReadOnlySpan<byte> version) =>
        version.Length == VersionLength && version.StartsWith("HTTP/"u8) && Octets.IsDigit(version[5]) && version[6] == '.'
        && Octets.IsDigit(version[7]);
}
