using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Tests.Messages;

public sealed class OutputQueueTests
{
    private readonly ConcurrentQueue<string> _told = [];
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Lines_come_whole_and_in_their_order()
    {
        using var output = new Reader();
        output.Read();
        var queue = new OutputQueue(output, "output", _told.Enqueue, _time);

        for (var i = 0; i < 1000; i++)
        {
            queue.WriteLine(Line(i));
        }

        queue.Write("é\n".ToCharArray(), 0, 2);
        queue.Write('!');
        await queue.DisposeAsync();

        Assert.Equal(string.Concat(Enumerable.Range(0, 1000).Select(static i => Line(i) + "\n")) + "é\n!", output.Text);
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Reader_that_stops_holds_nobody_up_and_is_told_what_it_has_missed()
    {
        using var output = new Reader();
        var queue = new OutputQueue(output, "output", _told.Enqueue, _time);
        var size = Line(0).Length + 1;
        var fitting = OutputQueue.MostBytes / size;

        for (var i = 0; i < fitting + 7; i++) // which ends, though nobody reads
        {
            queue.WriteLine(Line(i));
        }

        Assert.Empty(_told);
        output.Read();
        await queue.DisposeAsync();

        Assert.Equal("7 line(s) for the output were left out: it was not read as fast as they came.", Assert.Single(_told));
        Assert.Equal(string.Concat(Enumerable.Range(0, fitting).Select(static i => Line(i) + "\n")), output.Text);
    }

    [Fact]
    public async Task What_was_read_makes_room()
    {
        using var output = new Reader();
        output.Read();
        var queue = new OutputQueue(output, "output", _told.Enqueue, _time);
        var line = new string('x', OutputQueue.MostBytes - 1);

        for (var i = 1; i <= 3; i++)
        {
            queue.WriteLine(line);
            await output.HasAsync(i * OutputQueue.MostBytes);
            while (queue.WaitingBytes > 0)
            {
                await Task.Yield(); // what is behind the write is but a line of code away
            }
        }

        await queue.DisposeAsync();
        Assert.Empty(_told);
    }

    [Fact]
    public async Task End_waits_a_second_for_a_reader_and_no_longer()
    {
        using var output = new Reader();
        var queue = new OutputQueue(output, "output", _told.Enqueue, _time);
        queue.WriteLine("lost");

        var ending = queue.DisposeAsync();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(ending.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await ending.AsTask().InTimeAsync();
        Assert.Equal("1 line(s) for the output were left out: it was not read as fast as they came.", Assert.Single(_told));
        queue.WriteLine("later"); // no fault of whoever does not know
    }

    [Fact]
    public async Task Output_that_takes_nothing_costs_the_lines_and_is_told_once()
    {
        using var output = new Reader { Fault = new IOException("No space left on device") };
        output.Read();
        var queue = new OutputQueue(output, "output", _told.Enqueue, _time);
        queue.WriteLine("one");
        await output.RefusesAsync();
        queue.WriteLine("two");
        await queue.DisposeAsync();

        Assert.Equal("Lines for the output are lost : No space left on device", Assert.Single(_told));
    }

    private static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"line {number:000000} {new string('-', 50)}");

    /// <summary>The other end of an output: takes nothing before it is told to read.</summary>
    private sealed class Reader : MemoryStream
    {
        private readonly TaskCompletionSource _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _refuses = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _more = new(0);

        public Exception? Fault { get; init; }

        public string Text => Encoding.UTF8.GetString(ToArray());

        public void Read() => _reads.SetResult();

        public Task RefusesAsync() => _refuses.Task.InTimeAsync();

        public async Task HasAsync(int length)
        {
            while (Length < length)
            {
                await _more.WaitAsync(TestContext.Current.CancellationToken).InTimeAsync();
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _reads.Task.GetAwaiter().GetResult(); // as a pipe does that is full
            if (Fault is not null)
            {
                _refuses.TrySetResult();
                throw Fault;
            }

            Write(buffer.ToArray(), 0, buffer.Length);
            _more.Release();
        }

        protected override void Dispose(bool disposing)
        {
            _reads.TrySetCanceled();
            _more.Dispose();
            base.Dispose(disposing);
        }
    }
}
