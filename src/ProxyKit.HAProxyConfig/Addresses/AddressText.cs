using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>Reads addresses as they are shown, and nothing else: the runtime also takes 10.1, octal and hexadecimal numbers, brackets, ports and zones, of
/// which nobody sees which address they are, and which others may read as another.</summary>
internal static class AddressText
{
    /// <summary>Reads an IPv4 or IPv6 address.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        var last = text[(text.LastIndexOf(':') + 1)..]; // of IPv6 it may be the IPv4 address that others are mapped to
        return text.All(static c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            && (last.Length < text.Length && !last.Contains('.', StringComparison.Ordinal) ? IPAddress.TryParse(text, out address)
                : IPAddress.TryParse(last, out var dotted) && dotted.ToString() == last && IPAddress.TryParse(text, out address));
    }

    /// <summary>An IPv4 address; null for all else.</summary>
    public static IPAddress? Dotted(string text) =>
        !text.Contains(':', StringComparison.Ordinal) && TryRead(text, out var address) ? address : null;
}
