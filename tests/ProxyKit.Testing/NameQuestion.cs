using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Testing;

/// <summary>A question to a nameserver.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">The name, as it was written.</param>
/// <param name="Type">What is asked of it.</param>
/// <param name="IsTcp">Whether it came over TCP.</param>
/// <param name="MaxPayload">How large an answer over UDP may be.</param>
public sealed record NameQuestion(ushort Id, string Name, int Type, bool IsTcp, int MaxPayload)
{
    /// <summary>Reads a message with one question.</summary>
    public static NameQuestion Read(ReadOnlySpan<byte> message, bool isTcp = false)
    {
        var labels = new List<string>();
        var at = 12;
        while (message[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(message.Slice(at + 1, message[at])));
            at += 1 + message[at];
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 1)..]);
        var hasOptions = BinaryPrimitives.ReadUInt16BigEndian(message[10..]) == 1;
        return new NameQuestion(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            string.Join('.', labels),
            type,
            isTcp,
            hasOptions ? BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]) : 512);
    }

    /// <summary>An answer with a code and records; those behind <paramref name="answers"/> are additional ones.</summary>
    public byte[] Answer(int code, params byte[][] answers) => Message(0x8180 | code, answers, []);

    /// <summary>A good answer with additional records.</summary>
    public byte[] AnswerWith(byte[][] answers, byte[][] additional) => Message(0x8180, answers, additional);

    /// <summary>An answer that has no room over UDP.</summary>
    public byte[] CutOff() => Message(0x8380, [], []);

    /// <summary>A message with the question in it.</summary>
    public byte[] Message(int flags, byte[][] answers, byte[][] additional)
    {
        var header = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(header, Id);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), (ushort)answers.Length);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), (ushort)additional.Length);
        return [.. header, .. NameRecord.Name(Name), .. NameRecord.Number(Type), .. NameRecord.Number(1), .. answers.SelectMany(static a => a), .. additional.SelectMany(static a => a)];
    }
}
