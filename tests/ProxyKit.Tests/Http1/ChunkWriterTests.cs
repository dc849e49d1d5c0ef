using System.Globalization;
using System.Text;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

public sealed class ChunkWriterTests
{
    [Fact]
    public void A_size_line_is_the_size_in_hex_and_a_line_end()
    {
        foreach (var size in Enumerable.Range(1, 5000).Append(65535).Append(65536).Append(1 << 28).Append(int.MaxValue))
        {
            var line = new byte[ChunkWriter.MaxSizeLine];
            var length = ChunkWriter.WriteSizeLine(line, size);

            Assert.Equal(size.ToString("x", CultureInfo.InvariantCulture) + "\r\n", Encoding.ASCII.GetString(line, 0, length));
            Assert.Equal(length, ChunkWriter.SizeLineLength(size));
        }
    }

    [Fact]
    public void What_is_written_is_what_the_decoder_reads()
    {
        var body = new StringBuilder();
        var wire = new StringBuilder();
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var data = new string((char)('a' + (i % 26)), random.Next(1, 300));
            var line = new byte[ChunkWriter.MaxSizeLine];
            wire.Append(Encoding.ASCII.GetString(line, 0, ChunkWriter.WriteSizeLine(line, data.Length))).Append(data);
            wire.Append(Encoding.ASCII.GetString(ChunkWriter.LineEnd));
            body.Append(data);
        }

        var withTrailers = wire + Encoding.ASCII.GetString(ChunkWriter.LastSizeLine) + "X: y\r\n"
            + Encoding.ASCII.GetString(ChunkWriter.LineEnd);
        wire.Append(Encoding.ASCII.GetString(ChunkWriter.LastChunk));
        Assert.Equal(new ChunkReading(ChunkStatus.Done, body.ToString(), "", ""), ChunkReading.Of(wire.ToString()));
        Assert.Equal(new ChunkReading(ChunkStatus.Done, body.ToString(), "X: y\r\n", ""), ChunkReading.Of(withTrailers));
    }
}
