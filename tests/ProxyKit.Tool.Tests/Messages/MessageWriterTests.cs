using System.Text;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Tests.Messages;

public sealed class MessageWriterTests
{
    [Fact]
    public void Line_that_cannot_be_written_is_lost_and_the_next_one_is_written()
    {
        using var writer = new FullWriter { IsFull = true };
        var messages = new MessageWriter(writer, isQuiet: false);

        messages.Notice("one");
        writer.IsFull = false;
        messages.Notice("two");

        Assert.Equal($"[NOTICE]   ({Environment.ProcessId}) : two\n", writer.ToString());
    }

    /// <summary>A file on a disk that may be full.</summary>
    private sealed class FullWriter : StringWriter
    {
        public FullWriter() => NewLine = "\n";

        public bool IsFull { get; set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            if (IsFull)
            {
                throw new IOException("No space left on device");
            }

            base.WriteLine(value);
        }
    }
}
