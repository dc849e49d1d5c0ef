using System.Buffers;
using System.Text;

namespace ProxyKit.Http1;

/// <summary>A host with an optional port (RFC 3986 §3.2, without user information): what <c>Host</c> and a target's authority hold.
/// </summary>
internal readonly ref struct Authority
{
    private Authority(ReadOnlySpan<byte> host, ReadOnlySpan<byte> port, bool hasColon)
    {
        Host = host;
        Port = port;
        Length = host.Length + port.Length + (hasColon ? 1 : 0);
    }

    /// <summary>The host; an IPv6 address keeps its brackets.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>The port's digits; empty when there is none, also when a colon says that there might be.</summary>
    public ReadOnlySpan<byte> Port { get; }

    /// <summary>The length of the whole.</summary>
    public int Length { get; }

    public static bool TryParse(ReadOnlySpan<byte> value, out Authority authority)
    {
        if (value.IndexOfAny(Octets.NotPlainHost) < 0)
        {
            authority = new(value, [], hasColon: false);
            return true;
        }

        authority = default;
        if (value.IndexOfAny(Octets.NotHost) >= 0)
        {
            return false;
        }

        int hostLength;
        if (value[0] == '[')
        {
            hostLength = value.IndexOf((byte)']') + 1;
            if (hostLength < 3 || value[1..hostLength].Contains((byte)'['))
            {
                return false;
            }
        }
        else
        {
            hostLength = value.IndexOfAny((byte)':', (byte)'[', (byte)']');
            if (hostLength == 0)
            {
                return false; // a port of no host
            }
        }

        var hasColon = hostLength < value.Length;
        var port = hasColon ? value[(hostLength + 1)..] : [];
        if ((hasColon && value[hostLength] != ':') || port.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        authority = new(value[..hostLength], port, hasColon);
        return true;
    }

    /// <summary>The length without a port that says nothing: an empty one, or the scheme's default.</summary>
    public int NormalizedLength(ReadOnlySpan<byte> scheme) => IsDefaultPort(Port, scheme) ? Host.Length : Length;

    /// <summary>Whether both name the same host, and the same port under a scheme.</summary>
    public bool Equals(Authority other, ReadOnlySpan<byte> scheme)
    {
        var port = IsDefaultPort(Port, scheme) ? [] : Port;
        var otherPort = IsDefaultPort(other.Port, scheme) ? [] : other.Port;
        return EqualsHost(other) && port.SequenceEqual(otherPort);
    }

    public bool EqualsHost(Authority other) => Host.SequenceEqual(other.Host) || Ascii.EqualsIgnoreCase(Host, other.Host);

    private static bool IsDefaultPort(ReadOnlySpan<byte> port, ReadOnlySpan<byte> scheme) => port.Length switch
    {
        0 => true,
        2 => port.SequenceEqual("80"u8) && Ascii.EqualsIgnoreCase(scheme, "http"u8),
        3 => port.SequenceEqual("443"u8) && Ascii.EqualsIgnoreCase(scheme, "https"u8),
        _ => false,
    };
}
