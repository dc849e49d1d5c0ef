using ProxyKit.Testing;

namespace ProxyKit.Tests.Testing;

public sealed class StillnessTests
{
    [Fact]
    public void What_is_at_work_is_waited_for()
    {
        var steps = 0;
        for (var i = 0; i < 8; i++)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Thread.SpinWait(1_000_000);
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    Thread.SpinWait(1_000_000);
                    Interlocked.Increment(ref steps);
                });
            });
        }

        Assert.True(Stillness.Wait());

        Assert.Equal(8, Volatile.Read(ref steps));
    }

    [Fact]
    public async Task Bytes_that_went_over_sockets_have_come_to_their_end()
    {
        await using var echo = WireOrigin.StartRaw(static async wire =>
        {
            while (await wire.ReadSomeAsync() is { Length: > 0 } bytes)
            {
                await wire.SendAsync(bytes);
            }
        });
        await using var client = await WireClient.ConnectAsync(echo.EndPoint);
        for (var i = 0; i < 100; i++)
        {
            await client.SendRawAsync("x");
            var answer = client.ExpectAsync("x");

            Assert.True(Stillness.Wait());

            Assert.True(answer.IsCompleted);
            await answer;
        }
    }

    [Fact]
    public async Task Who_sleeps_for_good_is_not_waited_for()
    {
        using var never = new ManualResetEventSlim();
        var thread = new Thread(() => never.Wait()) { IsBackground = true };
        thread.Start();
        var asleep = Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);

        Assert.True(Stillness.Wait());

        Assert.False(asleep.IsCompleted);
        never.Set();
        await Task.Run(thread.Join, TestContext.Current.CancellationToken).InTimeAsync();
    }
}
