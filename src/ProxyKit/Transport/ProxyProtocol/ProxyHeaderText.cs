using System.Buffers.Text;
using System.Net;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Version 1: a line such as <c>PROXY TCP4 192.0.2.1 198.51.100.2 51000 443</c>, of single spaces, plain numbers and addresses.</summary>
internal static class ProxyHeaderText
{
    /// <summary>The longest line, its end included.</summary>
    public const int Longest = 107;

    private const int LineEnd = 2;
    private const int Fields = 6; // PROXY, family, two addresses, two ports

    // The fewest characters of each field.
    private static readonly int[] OfTcp4 = [5, 4, 7, 7, 1, 1], OfTcp6 = [5, 4, 2, 2, 1, 1];

    public static ReadOnlySpan<byte> Start => "PROXY "u8;

    /// <summary>Reads the line, as far as it is here.</summary>
    public static ProxyHeaderStep Parse(ReadOnlySpan<byte> line, int shortest)
    {
        if (!line.StartsWith(Start[..Math.Min(Start.Length, line.Length)]))
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.NotAHeader);
        }

        if (line.Length < shortest)
        {
            return ProxyHeaderStep.Needs(shortest - line.Length);
        }

        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        if (end >= 0 && line[end] == '\r')
        {
            if (end + 1 == line.Length && line.Length < Longest)
            {
                return ProxyHeaderStep.Needs(1);
            }

            if (end + LineEnd == line.Length && line[^1] == '\n')
            {
                return ParseLine(line[..end]);
            }
        }

        return end >= 0 || line.Length >= Longest ? ProxyHeaderStep.Failed(ProxyHeaderFault.Invalid) : More(line);
    }

    /// <summary>How much the line still has to have.</summary>
    private static ProxyHeaderStep More(ReadOnlySpan<byte> line)
    {
        var rest = line[Start.Length..];
        var least = rest.StartsWith("TCP4 "u8) ? OfTcp4 : rest.StartsWith("TCP6 "u8) ? OfTcp6 : null;
        if (least is null)
        {
            return IsUnknown(rest)
                ? ProxyHeaderStep.Needs(Math.Min(LineEnd, Longest - line.Length))
                : ProxyHeaderStep.Failed(ProxyHeaderFault.UnknownProtocol);
        }

        var (field, length, needed) = (0, 0, LineEnd);
        foreach (var b in line)
        {
            (field, length) = b == ' ' ? (field + 1, 0) : (field, length + 1);
        }

        if (field >= Fields)
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.Invalid);
        }

        needed += Math.Max(0, least[field] - length);
        for (var i = field + 1; i < Fields; i++)
        {
            needed += 1 + least[i];
        }

        return needed <= Longest - line.Length ? ProxyHeaderStep.Needs(needed) : ProxyHeaderStep.Failed(ProxyHeaderFault.Invalid);
    }

    /// <summary>What follows UNKNOWN is for humans.</summary>
    private static bool IsUnknown(ReadOnlySpan<byte> rest) => rest.StartsWith("UNKNOWN"u8) && (rest.Length == 7 || rest[7] == ' ');

    private static ProxyHeaderStep ParseLine(ReadOnlySpan<byte> line)
    {
        var rest = line[Start.Length..];
        if (IsUnknown(rest))
        {
            return ProxyHeaderStep.Whole(ProxyHeader.Local);
        }

        var isIPv4 = rest.StartsWith("TCP4 "u8);
        if (!isIPv4 && !rest.StartsWith("TCP6 "u8))
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.UnknownProtocol);
        }

        rest = rest["TCP4 ".Length..];
        return TryReadAddress(ref rest, isIPv4, out var source) && TryReadAddress(ref rest, isIPv4, out var destination)
            && TryReadPort(ref rest, isLast: false, out var sourcePort) && TryReadPort(ref rest, isLast: true, out var destinationPort)
                ? ProxyHeaderStep.Whole(new ProxyHeader(new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort), []))
                : ProxyHeaderStep.Failed(ProxyHeaderFault.Invalid);
    }

    /// <summary>Takes the field that a space ends.</summary>
    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        var space = rest.IndexOf((byte)' ');
        field = space < 0 ? default : rest[..space];
        rest = space < 0 ? default : rest[(space + 1)..];
        return space > 0;
    }

    private static bool TryReadAddress(scoped ref ReadOnlySpan<byte> rest, bool isIPv4, out IPAddress address)
    {
        uint ipv4 = 0;
        UInt128 ipv6 = 0;
        var isRead = TryTake(ref rest, out var text) && (isIPv4 ? AddressReader.TryReadIPv4(text, out ipv4) : AddressReader.TryReadIPv6(text, out ipv6));
        address = !isRead ? IPAddress.None : isIPv4 ? AddressReader.AddressOf(ipv4) : AddressReader.AddressOf(ipv6);
        return isRead;
    }

    private static bool TryReadPort(scoped ref ReadOnlySpan<byte> rest, bool isLast, out int port)
    {
        port = 0;
        var text = rest;
        return (isLast || TryTake(ref rest, out text)) && TryReadNumber(text, 5, ushort.MaxValue, out port);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, int mostDigits, int most, out int number)
    {
        number = 0;
        return text.Length >= 1 && text.Length <= mostDigits && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (text[0] != '0' || text.Length == 1)
            && Utf8Parser.TryParse(text, out number, out _) && number <= most;
    }
}
