using ProxyKit.Testing;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Wait_ends_when_data_arrives()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        var wait = connection.WaitForDataAsync().AsTask();
        Assert.False(wait.IsCompleted);

        connection.Add(1);

        Assert.True(await wait.InTimeAsync());
    }

    [Fact]
    public void Continuation_of_a_wait_is_called_once_and_learns_how_it_ended()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        var ends = new List<bool>();
        Action<object?> onEnded = waiter => ends.Add(((Connection)waiter!).EndWait());

        Assert.True(connection.TryStartWait(onEnded, connection));
        connection.CancelWait();
        Assert.True(connection.TryStartWait(onEnded, connection));
        connection.Add(1);

        Assert.Equal([false, true], ends);
    }

    [Fact]
    public void Continuation_is_not_called_when_there_is_something_already()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        connection.Add(1);

        Assert.False(connection.TryStartWait(static _ => Assert.Fail("nothing was waited for"), connection));
        Assert.True(connection.MayHaveData());
    }

    [Fact]
    public async Task Given_up_wait_serves_the_next()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        for (var i = 0; i < 5; i++)
        {
            var wait = connection.WaitForDataAsync().AsTask();
            connection.CancelWait();
            Assert.False(await wait.InTimeAsync());
        }

        var last = connection.WaitForDataAsync().AsTask();
        connection.Add(1);

        Assert.True(await last.InTimeAsync());
        Assert.Equal(1, connection.Waits);
    }

    [Fact]
    public async Task Receive_whose_wait_is_given_up_timed_out()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        var receive = connection.ReceiveAsync(new byte[1]).AsTask();

        connection.CancelWait();

        Assert.Equal(IoResult.Failed(TransportError.TimedOut), await receive.InTimeAsync());
    }

    [Fact]
    public void Signal_that_a_receive_without_a_wait_has_served_is_used_up()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        Assert.True(connection.Watch(new SignalWatcher()));
        connection.Add(1);
        Assert.True(connection.HasUnaskedData);

        Assert.True(connection.MayHaveData());
        Assert.True(connection.TryReceive(new byte[10], out _));

        Assert.False(connection.HasUnaskedData); // or a connection that is in order would look as if more had come
    }

    [Fact]
    public async Task Cancel_when_nobody_waits_is_nothing()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        connection.CancelWait();
        var wait = connection.WaitForDataAsync().AsTask();
        connection.Add(1);
        connection.CancelWait();

        Assert.True(await wait.InTimeAsync());
    }

    [Fact]
    public async Task Signal_that_met_nobody_ends_the_next_wait_at_once()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        var wait = connection.WaitForDataAsync().AsTask();
        connection.CancelWait();
        Assert.False(await wait);

        connection.Add(1);

        Assert.True(connection.WaitForDataAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task Watcher_is_told_once_and_the_next_wait_takes_over()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        var watcher = new CountingWatcher();
        Assert.True(connection.Watch(watcher));

        connection.Add(1);
        Assert.Equal(1, watcher.Count);
        Assert.True(await connection.WaitForDataAsync());
        await connection.ReceiveAsync(new byte[1]);

        var wait = connection.WaitForDataAsync().AsTask();
        connection.Add(1);
        Assert.True(await wait.InTimeAsync());
        Assert.Equal(1, watcher.Count);
    }

    [Fact]
    public void Watch_says_no_when_data_is_there()
    {
        using var connection = new ScriptedConnection { SignalsInline = true };
        connection.Add(1);
        var watcher = new CountingWatcher();

        Assert.False(connection.Watch(watcher));
        Assert.False(connection.Watch(watcher));

        Assert.True(connection.WaitForDataAsync().AsTask().IsCompleted);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task No_wake_up_is_lost_under_stress(int seed, bool signalsInline)
    {
        const int Total = 100_000;
        using var connection = new ScriptedConnection { SignalsInline = signalsInline };
        var done = 0;
        var feeding = Task.Run(Feed, TestContext.Current.CancellationToken);
        var cancelling = Task.Run(CancelAgainAndAgain, TestContext.Current.CancellationToken);

        await ReadAllAsync(connection, Total, new Random(seed + 100)).InTimeAsync();
        Volatile.Write(ref done, 1);
        await Task.WhenAll(feeding, cancelling).InTimeAsync();

        void Feed()
        {
            var random = new Random(seed);
            for (int sent = 0, count; sent < Total; sent += count)
            {
                count = Math.Min(random.Next(1, 5), Total - sent);
                Thread.SpinWait(random.Next(60));
                connection.Add(count);
            }
        }

        void CancelAgainAndAgain()
        {
            while (Volatile.Read(ref done) == 0)
            {
                connection.CancelWait();
                Thread.SpinWait(40);
            }
        }
    }

    /// <summary>An owner that waits, is cancelled, lets a watcher watch, and receives, in any order.</summary>
    private static async Task ReadAllAsync(Connection connection, int total, Random random)
    {
        var buffer = new byte[8];
        var received = 0;
        while (received < total)
        {
            switch (random.Next(4))
            {
                case 0 when random.Next(2) == 0:
                    var watcher = new SignalWatcher();
                    if (connection.Watch(watcher) && random.Next(2) == 0)
                    {
                        await watcher.Told;
                    }

                    break;
                case 1:
                    await connection.WaitForDataAsync();
                    break;
                case 2:
                    received += (await connection.ReceiveAsync(buffer.AsMemory(0, random.Next(1, 9)))).Bytes;
                    break;
                default:
                    received += connection.TryReceive(buffer, out var result) ? result.Bytes : 0;
                    break;
            }
        }
    }

    private sealed class CountingWatcher : IDataWatcher
    {
        public int Count { get; private set; }

        public void OnDataAvailable(Connection connection) => Count++;
    }
}
