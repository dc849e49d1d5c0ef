using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Writes headers of either version. Into a span, which has to have the room: what is written is known beforehand.</summary>
internal ref struct ProxyHeaderWriter(Span<byte> header)
{
    private const int IPv4Length = 4, IPv6Length = 16;

    private readonly Span<byte> _header = header;
    private int _length;
    private int _checksum = -1;

    /// <summary>Writes the line of version 1, which is all of that header.</summary>
    /// <param name="source">The client.</param>
    /// <param name="destination">Where it has connected to.</param>
    /// <returns>The line's length.</returns>
    public int WriteLine(EndPoint? source, EndPoint? destination)
    {
        if (source is not IPEndPoint from || destination is not IPEndPoint to)
        {
            Append("PROXY UNKNOWN\r\n"u8);
            return _length;
        }

        var isIPv4 = AreIPv4(from, to);
        Append(isIPv4 ? "PROXY TCP4"u8 : "PROXY TCP6"u8);
        AppendText(from.Address, isIPv4);
        AppendText(to.Address, isIPv4);
        AppendText(from.Port);
        AppendText(to.Port);
        Append("\r\n"u8);
        return _length;
    }

    /// <summary>Begins version 2 with the addresses.</summary>
    public void Begin(EndPoint? source, EndPoint? destination)
    {
        Append(ProxyHeaderBinary.Signature);
        if (source is not IPEndPoint from || destination is not IPEndPoint to)
        {
            Append(ProxyHeaderBinary.Version | ProxyHeaderBinary.Local); // nothing to tell that would mean something elsewhere
            Append(0); // of no family
            Append((ushort)0);
            return;
        }

        Append(ProxyHeaderBinary.Version | ProxyHeaderBinary.Proxy);
        var isIPv4 = AreIPv4(from, to);
        Append(isIPv4 ? ProxyHeaderBinary.Tcp4 : ProxyHeaderBinary.Tcp6);
        Append((ushort)0); // the length, which is not known yet
        AppendBytes(from.Address, isIPv4);
        AppendBytes(to.Address, isIPv4);
        Append((ushort)from.Port);
        Append((ushort)to.Port);
    }

    /// <summary>Adds a field.</summary>
    public void Add(byte type, scoped ReadOnlySpan<byte> value)
    {
        Append(type);
        Append((ushort)value.Length);
        Append(value);
    }

    /// <summary>Adds the checksum, which <see cref="Finish"/> computes.</summary>
    public void AddChecksum()
    {
        Add(ProxyField.Checksum, stackalloc byte[sizeof(uint)]);
        _checksum = _length - sizeof(uint);
    }

    /// <summary>Begins the field about TLS, whose parts are fields again.</summary>
    /// <param name="client">What kind of client it is.</param>
    /// <param name="verify">0 for one that has shown a certificate that is good.</param>
    /// <returns>What <see cref="EndTls"/> asks for.</returns>
    public int BeginTls(byte client, uint verify)
    {
        var start = _length;
        Append(ProxyField.Tls);
        Append((ushort)0);
        Append(client);
        BinaryPrimitives.WriteUInt32BigEndian(_header[_length..], verify);
        _length += sizeof(uint);
        return start;
    }

    public readonly void EndTls(int start) =>
        BinaryPrimitives.WriteUInt16BigEndian(_header[(start + 1)..], (ushort)(_length - start - ProxyField.HeadLength));

    /// <summary>Ends version 2.</summary>
    /// <returns>The header's length.</returns>
    public readonly int Finish()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_header[14..], (ushort)(_length - ProxyHeaderBinary.HeadLength));
        if (_checksum >= 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_header[_checksum..], ProxyChecksum.Of(_header[.._length], _checksum));
        }

        return _length;
    }

    /// <summary>Whether both addresses are of IPv4; where one is not, both are written as IPv6, in which IPv4 has its place.</summary>
    private static bool AreIPv4(IPEndPoint source, IPEndPoint destination) => IsIPv4(source.Address) && IsIPv4(destination.Address);

    private static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;

    /// <summary>Without its zone, which means something on this machine only.</summary>
    private static int GetBytes(IPAddress address, bool isIPv4, Span<byte> bytes)
    {
        address.TryWriteBytes(bytes, out var length);
        if (isIPv4 == (length == IPv4Length))
        {
            return length;
        }

        if (isIPv4)
        {
            bytes[^IPv4Length..].CopyTo(bytes);
            return IPv4Length;
        }

        bytes[..IPv4Length].CopyTo(bytes[^IPv4Length..]);
        bytes[..^IPv4Length].Clear();
        bytes[10] = bytes[11] = 0xFF; // RFC 4291 §2.5.5.2
        return IPv6Length;
    }

    private void AppendBytes(IPAddress address, bool isIPv4)
    {
        Span<byte> bytes = stackalloc byte[IPv6Length];
        Append(bytes[..GetBytes(address, isIPv4, bytes)]);
    }

    private void AppendText(IPAddress address, bool isIPv4)
    {
        Append((byte)' ');
        Span<byte> bytes = stackalloc byte[IPv6Length];
        bytes = bytes[..GetBytes(address, isIPv4, bytes)];
        if (isIPv4)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                AppendNumber(bytes[i]);
                Append((byte)'.');
            }

            _length--; // without the last dot
            return;
        }

        var isPlain = address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: 0 };
        (isPlain ? address : new IPAddress(bytes)).TryFormat(_header[_length..], out var written);
        _length += written;
    }

    private void AppendText(int port)
    {
        Append((byte)' ');
        AppendNumber(port);
    }

    private void AppendNumber(int number)
    {
        Utf8Formatter.TryFormat(number, _header[_length..], out var written);
        _length += written;
    }

    private void Append(byte value) => _header[_length++] = value;

    private void Append(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_header[_length..], value);
        _length += sizeof(ushort);
    }

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_header[_length..]);
        _length += bytes.Length;
    }
}
