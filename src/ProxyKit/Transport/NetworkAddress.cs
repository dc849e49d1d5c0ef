using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Transport;

/// <summary>Reads the addresses that people write for binds and servers.</summary>
internal static class NetworkAddress
{
    private const int MaxUnixPathLength = 107;

    /// <summary>Reads an address to listen on.</summary>
    /// <param name="text">The address as written.</param>
    /// <param name="options">Where to listen.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParseListen(
        string text, [NotNullWhen(true)] out ListenOptions? options, [NotNullWhen(false)] out string? fault)
    {
        options = null;
        if (text.StartsWith("fd@", StringComparison.Ordinal))
        {
            if (!int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor))
            {
                fault = $"'{text}': a descriptor's number must follow 'fd@'";
                return false;
            }

            options = new ListenOptions { InheritedDescriptor = descriptor };
            fault = null;
            return true;
        }

        if (!TryParseUnix(text, out var endPoint, out fault))
        {
            if (fault is not null)
            {
                return false;
            }

            if (!TrySplit(text, out var host, out var port, out fault))
            {
                return false;
            }

            if (host is "" or "*")
            {
                endPoint = new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
            }
            else if (IPAddress.TryParse(host, out var address))
            {
                endPoint = new IPEndPoint(address, port);
            }
            else
            {
                fault = $"'{text}': '{host}' is not an IP address; listening needs one, or '*' for all";
                return false;
            }
        }

        // '[::]:80' says IPv6; whether it takes IPv4 too is the bind's setting. '0.0.0.0' is IPv4 alone.
        options = new ListenOptions { EndPoint = endPoint };
        fault = null;
        return true;
    }

    /// <summary>Reads the address of a server.</summary>
    /// <param name="text">The address as written.</param>
    /// <param name="endPoint">Where to connect.</param>
    /// <param name="portOffset">What is added to the port that the client has connected to, where that is the server's: <c>host:+100</c>; the address
    /// has port 0 then.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParseServer(
        string text, [NotNullWhen(true)] out EndPoint? endPoint, out int? portOffset, [NotNullWhen(false)] out string? fault)
    {
        portOffset = null;
        if (TryParseUnix(text, out var unix, out fault))
        {
            endPoint = unix;
            fault = null;
            return true;
        }

        if (fault is null && text.StartsWith('_') && !text.Contains(':', StringComparison.Ordinal))
        {
            endPoint = new DnsEndPoint(text, 0); // a service, whose records tell the port
            return true;
        }

        endPoint = null;
        if (fault is not null || !TryTakeOffset(ref text, out portOffset, out fault) || !TrySplit(text, out var host, out var port, out fault))
        {
            return false;
        }

        if (host is "" or "*")
        {
            fault = $"'{text}': a server needs a host";
            return false;
        }

        if (port == 0 && portOffset is null)
        {
            fault = $"'{text}': a server needs a port from 1 to 65535, or '+0' for the one that the client has connected to";
            return false;
        }

        endPoint = IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
        fault = null;
        return true;
    }

    /// <summary>Reads a local address to connect from.</summary>
    /// <param name="text">An IP address, with or without a port.</param>
    /// <param name="endPoint">The address.</param>
    public static bool TryParseSource(string text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = IPAddress.TryParse(text, out var address) ? new IPEndPoint(address, 0)
            : IPEndPoint.TryParse(text, out var full) ? full : null;
        return endPoint is not null;
    }

    /// <summary>True for a unix socket; false with a fault for a malformed one, and without for anything else.</summary>
    private static bool TryParseUnix(string text, [NotNullWhen(true)] out EndPoint? endPoint, out string? fault)
    {
        endPoint = null;
        fault = null;
        var path = text.StartsWith("unix@", StringComparison.Ordinal) ? text[5..]
            : text.StartsWith('/') ? text : null;
        if (path is null)
        {
            return false;
        }

        if (path.Length == 0 || path.Length > MaxUnixPathLength)
        {
            fault = $"'{text}': the path of a unix socket has 1 to {MaxUnixPathLength} characters";
            return false;
        }

        endPoint = new UnixDomainSocketEndPoint(path);
        return true;
    }

    /// <summary>Takes <c>+100</c> for 0 where a port is written so, and says what it was.</summary>
    private static bool TryTakeOffset(ref string text, out int? offset, [NotNullWhen(false)] out string? fault)
    {
        (offset, fault) = (null, null);
        var colon = text.LastIndexOf(':');
        if (colon < 0 || colon + 1 == text.Length || text[colon + 1] is not ('+' or '-'))
        {
            return true;
        }

        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || Math.Abs((long)number) > IPEndPoint.MaxPort)
        {
            fault = $"'{text}': '{text[(colon + 1)..]}' is nothing to add to a port (-65535 to +65535)";
            return false;
        }

        offset = number;
        text = $"{text[..colon]}:0";
        return true;
    }

    private static bool TrySplit(string text, out string host, out int port, [NotNullWhen(false)] out string? fault)
    {
        host = "";
        port = 0;
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            fault = $"'{text}': a port is missing (host:port)";
            return false;
        }

        host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            fault = $"'{text}': an IPv6 address is written in brackets: [{host}]:port";
            return false;
        }

        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535)
        {
            fault = $"'{text}': '{text[(colon + 1)..]}' is not a port (0-65535)";
            return false;
        }

        fault = null;
        return true;
    }
}
