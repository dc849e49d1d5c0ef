using System.Globalization;
using System.Net;

namespace ProxyKit.Rules.Formats;

/// <summary>Writes addresses as logs have them: one of IPv4 within IPv6 as the IPv4 address it is, IPv6 without brackets and scope.</summary>
internal static class AddressText
{
    public const int MaxLength = 65; // what IPAddress.TryFormat may need, a scope id included

    /// <returns>How many bytes were written.</returns>
    public static int Write(IPAddress address, Span<byte> destination, bool asHex)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        bytes = address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..length];
        if (asHex)
        {
            Convert.TryToHexString(bytes, destination, out var digits);
            return digits;
        }

        if (bytes.Length == 16)
        {
            address.TryFormat(destination, out var written);
            var scope = destination[..written].IndexOf((byte)'%'); // this machine's own affair
            return scope < 0 ? written : scope;
        }

        var position = 0;
        foreach (var octet in bytes)
        {
            if (position > 0)
            {
                destination[position++] = (byte)'.';
            }

            octet.TryFormat(destination[position..], out var written, default, CultureInfo.InvariantCulture);
            position += written;
        }

        return position;
    }
}
