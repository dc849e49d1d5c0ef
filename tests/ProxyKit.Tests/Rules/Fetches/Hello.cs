using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Tests.Rules.Fetches;

/// <summary>Puts a ClientHello together.</summary>
internal static class Hello
{
    /// <summary>The server_name extension.</summary>
    public static (int Type, byte[] Content) Sni(string name) => (0, List([0, .. List(Encoding.ASCII.GetBytes(name))]));

    /// <summary>The extension of application protocols.</summary>
    public static (int Type, byte[] Content) Alpn(params string[] names) =>
        (16, List([.. names.SelectMany(name => (byte[])[(byte)name.Length, .. Encoding.ASCII.GetBytes(name)])]));

    /// <summary>An extension that is a list of numbers.</summary>
    public static (int Type, byte[] Content) Numbers(int type, params int[] numbers) => (type, List([.. numbers.SelectMany(Number)]));

    /// <summary>The extension of keys, by their groups.</summary>
    public static (int Type, byte[] Content) Keys(params int[] groups) =>
        (51, List([.. groups.SelectMany(group => (byte[])[.. Number(group), .. List([1, 2, 3])])]));

    /// <summary>A record with a hello in it.</summary>
    public static byte[] Record(params (int Type, byte[] Content)[] extensions)
    {
        byte[] body =
        [
            3, 3, .. new byte[32], 4, 9, 9, 9, 9, .. List([0x13, 0x02, 0x13, 0x01]), 1, 0,
            .. List([.. extensions.SelectMany(extension => (byte[])[.. Number(extension.Type), .. List(extension.Content)])]),
        ];
        byte[] message = [1, 0, .. Number(body.Length), .. body];
        return [0x16, 3, 1, .. Number(message.Length), .. message];
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
        return bytes;
    }

    private static byte[] List(byte[] content) => [.. Number(content.Length), .. content];
}
