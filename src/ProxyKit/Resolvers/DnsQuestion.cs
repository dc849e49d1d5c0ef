using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ProxyKit.Resolvers;

/// <summary>What nameservers are asked, once: another attempt is another question with another number.</summary>
internal sealed class DnsQuestion
{
    private const ushort Query = 0x0100; // recursion desired
    private const ushort Internet = 1;
    private const int HeaderLength = 12, OptLength = 11;

    private readonly byte[] _message;

    /// <param name="name">The name; a valid one, in lower case.</param>
    /// <param name="type">What is asked of it.</param>
    /// <param name="maxPayload">How large an answer over UDP may be.</param>
    public DnsQuestion(string name, DnsRecordType type, int maxPayload)
    {
        Name = name;
        Type = type;
        Id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1); // it and the port are all that keeps strangers from answering
        Span<byte> buffer = stackalloc byte[HeaderLength + DnsName.MostBytes + 4 + OptLength];
        if (!DnsName.TryWrite(name, buffer[HeaderLength..], out var length))
        {
            throw new ArgumentException("This is no name.", nameof(name));
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer, Id);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], Query);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[4..], 1); // one question
        buffer[6..10].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(buffer[10..], 1); // and what RFC 6891 adds
        var rest = buffer[(HeaderLength + length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], Internet);
        rest[4] = 0; // the root's name
        BinaryPrimitives.WriteUInt16BigEndian(rest[5..], 41); // OPT
        BinaryPrimitives.WriteUInt16BigEndian(rest[7..], (ushort)maxPayload);
        rest.Slice(9, 6).Clear();
        _message = buffer[..(HeaderLength + length + 4 + OptLength)].ToArray();
    }

    public ushort Id { get; }

    /// <summary>The name, in lower case, without a last dot.</summary>
    public string Name { get; }

    public DnsRecordType Type { get; }

    /// <summary>The message, as UDP carries it.</summary>
    public ReadOnlyMemory<byte> Message => _message;
}
