using System.Text;
using ProxyKit.Testing;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport;

/// <summary>What tests of connections say over and over.</summary>
internal static class ConnectionReading
{
    public static async Task<string> ReadTextAsync(this Connection connection, int bytes)
    {
        var buffer = new byte[bytes];
        var read = 0;
        while (read < bytes)
        {
            var result = await connection.ReceiveAsync(buffer.AsMemory(read)).InTimeAsync();
            Assert.False(result.HasError || result.IsEnd, $"{result} after {read} of {bytes} bytes");
            read += result.Bytes;
        }

        return Encoding.Latin1.GetString(buffer);
    }

    public static async Task<IoResult> SendTextAsync(this Connection connection, string text) =>
        await connection.SendAsync(Encoding.Latin1.GetBytes(text)).InTimeAsync();

    public static async Task<IoResult> ReceiveInTimeAsync(this Connection connection) =>
        await connection.ReceiveAsync(new byte[16 * 1024]).InTimeAsync();

    /// <summary>Receives until the end of the stream or an error, in pieces of the sizes given.</summary>
    public static async Task<(byte[] Bytes, TransportError Error)> ReadToEndAsync(this Connection connection, Func<int> size)
    {
        using var all = new MemoryStream();
        while (true)
        {
            var buffer = new byte[size()];
            var result = await connection.ReceiveAsync(buffer).InTimeAsync();
            if (result.HasError || result.IsEnd)
            {
                return (all.ToArray(), result.Error);
            }

            all.Write(buffer, 0, result.Bytes);
        }
    }
}
