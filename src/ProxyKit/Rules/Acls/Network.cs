using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Acls;

/// <summary>A network: an address and the bits of it that count.</summary>
/// <param name="IsIPv4">Whether it is one of IPv4, with the 32 low bits of the others.</param>
/// <param name="Address">The address, without the bits that do not count.</param>
/// <param name="Mask">The bits that count.</param>
internal readonly record struct Network(bool IsIPv4, UInt128 Address, UInt128 Mask)
{
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>How many bits count.</summary>
    public int Bits => (int)UInt128.PopCount(Mask);

    /// <summary>Whether the bits that count are the first ones, so that the network is one range.</summary>
    public bool IsRange => UInt128.PopCount(HostBits + 1) <= 1;

    /// <summary>The last address, where it is a range.</summary>
    public UInt128 Last => Address | HostBits;

    private UInt128 HostBits => ~Mask & (IsIPv4 ? uint.MaxValue : UInt128.MaxValue);

    /// <summary>Reads an address, or one with a slash and a number of bits or, for IPv4, a mask.</summary>
    /// <param name="text">The text.</param>
    /// <param name="noDns">Whether a name is none.</param>
    /// <param name="isResolved">Whether it was a name, which took asking for.</param>
    /// <exception cref="RuleFaultException">It is no address.</exception>
    public static Network Parse(string text, bool noDns, out bool isResolved)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var mask = slash < 0 ? null : text[(slash + 1)..];
        if (TryParseAddress(slash < 0 ? text : text[..slash], out var isIPv4, out var address, noDns, out isResolved)
            && TryParseMask(mask, isIPv4, out var bits))
        {
            return new(isIPv4, address & bits, bits);
        }

        throw new RuleFaultException($"'{text}' is not a valid IPv4 or IPv6 address");
    }

    private static bool TryParseAddress(string text, out bool isIPv4, out UInt128 address, bool noDns, out bool isResolved)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        isIPv4 = AddressReader.TryReadIPv4(bytes, out var ipv4);
        address = ipv4;
        isResolved = false;
        if (isIPv4 || AddressReader.TryReadIPv6(bytes, out address))
        {
            return true;
        }

        isResolved = !noDns && TryResolve(text, out isIPv4, out address);
        return isResolved;
    }

    /// <summary>What a name stands for.</summary>
    private static bool TryResolve(string name, out bool isIPv4, out UInt128 address)
    {
        isIPv4 = true;
        address = 0;
        if (name.Length == 0 || name.AsSpan().ContainsAny(" :%[]") || IsNumeric(name))
        {
            return false;
        }

        try
        {
            var found = Dns.GetHostAddresses(name);
            var chosen = Array.Find(found, static a => a.AddressFamily == AddressFamily.InterNetwork) ?? found.FirstOrDefault();
            if (chosen is null)
            {
                return false;
            }

            var sample = default(Sample);
            sample.Set(chosen);
            isIPv4 = sample.Type == SampleType.IPv4;
            address = isIPv4 ? (uint)sample.Integer : sample.IPv6;
            return true;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return false; // no such name, or no name at all
        }
    }

    /// <summary>Whether it is made of numbers and dots alone, which resolvers read as an address too: 10.1 as 10.0.0.1, 010.0.0.1 as 8.0.0.1, 10 as 0.0.0.10.
    /// HAProxy takes what its resolver makes of it; nobody sees which network that is, so it is refused.</summary>
    private static bool IsNumeric(ReadOnlySpan<char> name)
    {
        foreach (var part in name.Split('.'))
        {
            var number = name[part];
            var isNumber = number.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? !number[2..].ContainsAnyExcept(HexadecimalDigits)
                : !number.ContainsAnyExceptInRange('0', '9');
            if (!isNumber)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParseMask(string? text, bool isIPv4, out UInt128 mask)
    {
        var width = isIPv4 ? 32 : 128;
        var all = isIPv4 ? uint.MaxValue : UInt128.MaxValue;
        mask = all;
        if (text is null)
        {
            return true;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= width)
        {
            mask = bits == 0 ? UInt128.Zero : (all << (width - bits)) & all;
            return true;
        }

        uint dotted = 0;
        var isMask = isIPv4 && AddressReader.TryReadIPv4(Encoding.ASCII.GetBytes(text), out dotted);
        mask = isMask ? dotted : mask;
        return isMask;
    }
}
