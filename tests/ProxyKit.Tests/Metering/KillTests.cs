using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering;

/// <summary>Kills of a metered proxy under load (SIGKILL, at random moments), over and over on one journal. <c>PROXYKIT_KILLS</c> says how often; 10
/// times otherwise.</summary>
[CollectionDefinition(nameof(KillTests), DisableParallelization = true)]
public sealed class KillTestsRunAlone;

[Collection(nameof(KillTests))]
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 16;

    /// <summary>The interval, and what a write may take on a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(100 + 1000);

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("PROXYKIT_KILLS") ?? "10", CultureInfo.InvariantCulture);

    private readonly JournalFolder _folder = new();
    private readonly ConcurrentDictionary<string, (int Round, TimeSpan Age)> _answered = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_loses_and_doubles_nothing_that_a_client_saw_answered_before_response()
    {
        await KillOverAndOverAsync(Durability.BeforeResponse);

        var counted = Counted();
        Assert.Empty(_answered.Keys.Where(id => !counted.ContainsKey(id)).Take(10));
        Assert.Empty(counted.Where(static c => c.Value != 1).Take(10));
    }

    [Fact]
    public async Task Kill_loses_no_more_than_the_last_interval_batched()
    {
        await KillOverAndOverAsync(Durability.Batched);

        var counted = Counted();
        var lost = _answered.Where(a => !counted.ContainsKey(a.Key)).ToList();
        output.WriteLine($"{lost.Count} of {_answered.Count} events lost, the oldest {(lost.Count == 0 ? TimeSpan.Zero : lost.Max(static l => l.Value.Age)).TotalMilliseconds:0} ms before its kill");
        Assert.Empty(lost.Where(static l => l.Value.Age > Bound).Take(10));
        Assert.Empty(counted.Where(static c => c.Value != 1).Take(10));
    }

    private async Task KillOverAndOverAsync(Durability durability)
    {
        var random = new Random();
        for (var round = 0; round < Kills; round++)
        {
            using var process = Start(durability);
            var port = int.Parse((await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync())!, CultureInfo.InvariantCulture);
            var answered = new ConcurrentDictionary<string, long>();
            var number = round;
            var clients = Enumerable.Range(0, Clients).Select(c => Task.Run(() => Ask(port, $"{number}-{c}", answered), TestContext.Current.CancellationToken)).ToArray();
            await Task.Delay(random.Next(20, 400), TestContext.Current.CancellationToken); // at a random moment is what this is about
            process.Kill();
            var killed = Stopwatch.GetTimestamp();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
            await Task.WhenAll(clients).InTimeAsync();
            foreach (var (id, at) in answered)
            {
                _answered[id] = (round, Stopwatch.GetElapsedTime(at, killed));
            }

            await using var journal = UsageJournal.Open(_folder.Root); // always
        }

        output.WriteLine($"{_answered.Count} answers, {Kills} kills");
        Assert.NotEmpty(_answered);
    }

    private Dictionary<string, long> Counted() => UsageJournal.ReadTotals(_folder.Root, new UsageQuery { Resolution = UsageResolution.All })
        .Where(static t => t.Meter == UsageMeters.Requests).ToDictionary(static t => t.Client, static t => t.Quantity);

    private Process Start(Durability durability)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(KillTests).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[UsageChild.Variable] = $"{_folder.Root}|{durability}";
        return Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
    }

    /// <summary>One request after the other, each by a client of its own name, until the proxy is gone.</summary>
    private static void Ask(int port, string name, ConcurrentDictionary<string, long> answered)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect("127.0.0.1", port);
            var buffer = new byte[4096];
            for (var i = 0; ; i++)
            {
                var id = $"{name}-{i}";
                socket.Send(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\nX-Client: {id}\r\n\r\n"));
                var received = 0;
                while (!buffer.AsSpan(0, received).EndsWith("\r\n\r\nok"u8))
                {
                    var more = socket.Receive(buffer.AsSpan(received));
                    if (more == 0)
                    {
                        return;
                    }

                    received += more;
                }

                answered[id] = Stopwatch.GetTimestamp();
            }
        }
        catch (SocketException)
        {
            // The proxy was killed.
        }
    }
}
