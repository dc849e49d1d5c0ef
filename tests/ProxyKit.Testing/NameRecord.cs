using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Testing;

/// <summary>Writes the records of a nameserver's answers, byte for byte.</summary>
public static class NameRecord
{
    /// <summary>The bytes of a record.</summary>
    public static byte[] Of(string owner, int type, byte[] data) => [.. Name(owner), .. Number(type), .. Number(1), 0, 0, 0, 60, .. Number(data.Length), .. data];

    /// <summary>An alias.</summary>
    public static byte[] Alias(string owner, string target) => Of(owner, 5, Name(target));

    /// <summary>A place of a service.</summary>
    public static byte[] Service(string owner, string target, int port, int weight) =>
        Of(owner, 33, [.. Number(10), .. Number(weight), .. Number(port), .. Name(target)]);

    /// <summary>A name, uncompressed.</summary>
    public static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    /// <summary>Two bytes.</summary>
    public static byte[] Number(int number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
        return bytes;
    }
}
