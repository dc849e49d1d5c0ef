using ProxyKit.Rules.Converters.Hashes;

namespace ProxyKit.Transport.Tls;

/// <summary>What is kept of a ClientHello for as long as its connection lasts, to tell programs apart by. HAProxy: <c>tune.ssl.capture-buffer-size</c>.</summary>
internal sealed class HelloCapture
{
    private readonly byte[] _bytes;
    private readonly Range _suites, _extensions, _groups, _formats, _signatures, _versions;

    /// <summary>Keeps the parts of a hello, one behind the other until there is no more room: what comes then is cut.</summary>
    /// <param name="hello">A whole hello.</param>
    /// <param name="most">How many bytes are kept at most.</param>
    public HelloCapture(in ClientHello hello, int most)
    {
        Version = hello.Version;
        CipherSuitesHash = (long)XxHash64.Of(hello.CipherSuites); // of all, cut or not
        hello.TryFindList(ClientHello.SupportedGroups, 2, out var groups);
        hello.TryFindList(ClientHello.PointFormats, 1, out var formats);
        hello.TryFindList(ClientHello.SignatureAlgorithms, 2, out var signatures);
        hello.TryFindList(ClientHello.SupportedVersions, 1, out var versions);
        var extensions = 2 * hello.CountExtensions();
        var all = (long)hello.CipherSuites.Length + extensions + groups.Length + formats.Length + signatures.Length + versions.Length;
        _bytes = new byte[Math.Min(all, most)];
        var rest = _bytes.AsSpan();
        _suites = Put(hello.CipherSuites, ref rest);
        var start = _bytes.Length - rest.Length;
        rest = rest[hello.CopyExtensionTypes(rest)..];
        _extensions = start..(_bytes.Length - rest.Length);
        _groups = Put(groups, ref rest);
        _formats = Put(formats, ref rest);
        _signatures = Put(signatures, ref rest);
        _versions = Put(versions, ref rest);
    }

    /// <summary>The version in front of all others, which has said TLS 1.2 ever since.</summary>
    public int Version { get; }

    /// <summary>XXH64 of the suites offered.</summary>
    public long CipherSuitesHash { get; }

    /// <summary>The suites offered, two bytes each.</summary>
    public ReadOnlySpan<byte> CipherSuites => _bytes.AsSpan(_suites);

    /// <summary>The types of the extensions in their order, two bytes each.</summary>
    public ReadOnlySpan<byte> Extensions => _bytes.AsSpan(_extensions);

    /// <summary>The groups for key agreement, two bytes each.</summary>
    public ReadOnlySpan<byte> Groups => _bytes.AsSpan(_groups);

    /// <summary>The formats of points on curves, a byte each.</summary>
    public ReadOnlySpan<byte> PointFormats => _bytes.AsSpan(_formats);

    /// <summary>The algorithms of signatures, two bytes each.</summary>
    public ReadOnlySpan<byte> SignatureAlgorithms => _bytes.AsSpan(_signatures);

    /// <summary>The versions, two bytes each.</summary>
    public ReadOnlySpan<byte> Versions => _bytes.AsSpan(_versions);

    private Range Put(ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        var start = _bytes.Length - rest.Length;
        var length = Math.Min(part.Length, rest.Length);
        part[..length].CopyTo(rest);
        rest = rest[length..];
        return start..(start + length);
    }
}
