using System.Net;
using ProxyKit.Mailing;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Mailing;

/// <summary>What mailers are told, and what comes of those that do not want to hear.</summary>
public sealed class MailQueuesTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLoggerProvider _log = new();
    private readonly TimerWheel _wheel;
    private readonly List<WireMailer> _mailers = [];
    private InMemoryTransport _network = new();
    private MailQueues? _queues;

    public MailQueuesTests() => _wheel = new TimerWheel(_time);

    private MailQueues Queues => _queues ??= new MailQueues(_network, _wheel, _log.CreateLogger("mail"));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (_queues?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        foreach (var mailer in _mailers)
        {
            await mailer.DisposeAsync();
        }

        _wheel.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Mail_says_what_the_line_of_the_log_says()
    {
        var mailer = Start();

        Send("Server b/s1 is DOWN.", mailer);

        Assert.Equal(
            """
            HELO here.example
            MAIL FROM:<from@a.example>
            RCPT TO:<to@b.example>
            DATA
            From: from@a.example
            To: to@b.example
            Date: Tue, 04 Mar 2025 12:00:00 +0000 (UTC)
            Subject: [HAProxy Alert] Server b/s1 is DOWN

            Server b/s1 is DOWN

            .
            QUIT
            """.ReplaceLineEndings("\n"),
            await mailer.MailAsync());
    }

    [Fact]
    public async Task Answers_in_lines_and_pieces_are_read_to_their_ends()
    {
        _network = new InMemoryTransport { ReceiveSize = ReceiveSizes.Of(1, 2, 7) };
        var mailer = Start(static command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "250-first\r\n250-second\r\n250 third" : null);

        Send("Server b/s1 is DOWN.", mailer);

        Assert.EndsWith("\n.\nQUIT", await mailer.MailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_mailer_is_given_each_mail_in_order()
    {
        var (first, second) = (Start(), Start());

        Send("one.", first, second);
        Send("two.", first, second);

        foreach (var mailer in new[] { first, second })
        {
            Assert.Contains("Alert] one\n", await mailer.MailAsync(), StringComparison.Ordinal);
            Assert.Contains("Alert] two\n", await mailer.MailAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "554 not today", "it answered '554 not today'")]
    [InlineData("RCPT TO:<to@b.example>", "550-nobody\r\n550 here", "it answered '550-nobody'")]
    [InlineData("DATA", "250 what", "it answered '250 what'")]
    [InlineData(".", "452 full", "it answered '452 full'")]
    public async Task Refusal_is_logged_and_the_next_mail_goes_out(string command, string answer, string fault)
    {
        var refusals = 1;
        var mailer = Start(said => said == command && Interlocked.Decrement(ref refusals) >= 0 ? answer : null);

        Send("one.", mailer);
        Send("two.", mailer);

        var entry = await _log.WaitForAsync(static e => e.Message.Contains("has not taken", StringComparison.Ordinal));
        Assert.Equal($"Mailer 'm1' has not taken a mail: {fault}. It was about: one", entry.Message);
        string[] mails = [await mailer.MailAsync(), await mailer.MailAsync()]; // the end of the first may come to the mailer late
        Assert.Contains(mails, static m => m.Contains("Alert] two\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_without_an_end_is_given_up()
    {
        var mailer = Start(static command => command.Length == 0 ? $"220-{new string('x', 10_000)}" : null);

        Send("one.", mailer);

        Assert.Contains("its answer has no end", (await FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mailer_that_refuses_connections_is_logged()
    {
        Queues.Send(AlertBy(("m1", new IPEndPoint(IPAddress.Loopback, 1))), EmailAlertLevel.Failures, "one.");

        Assert.Contains("there is no connection to it (Refused)", (await FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mailer_that_hangs_is_given_up_in_time()
    {
        var connecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.Connecting = async (_, token) =>
        {
            connecting.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return TransportError.None;
        };
        Queues.Send(AlertBy(("m1", new IPEndPoint(IPAddress.Loopback, 1))), EmailAlertLevel.Failures, "one.");
        await connecting.Task.InTimeAsync(); // by now the time runs

        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Contains("it took longer than 10 s", (await FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_beyond_the_bound_are_dropped_and_the_others_are_not()
    {
        var (connecting, gate) = HoldConnections();
        var mailer = Start();
        Send("first.", mailer);
        await connecting.InTimeAsync(); // it is under way, and waits no more

        for (var i = 0; i <= MailQueues.MostWaiting; i++)
        {
            Send($"{i}.", mailer);
        }

        gate.SetResult();
        Assert.Equal(
            "A mail for mailer 'm1' is dropped, since too many wait already. It was about: 100",
            Assert.Single(_log.Entries).Message);
        for (var i = 0; i <= MailQueues.MostWaiting; i++)
        {
            await mailer.MailAsync();
        }
    }

    [Fact]
    public async Task Stop_breaks_off_what_is_under_way_without_a_word()
    {
        var connecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = false;
        _network.Connecting = async (_, token) =>
        {
            connecting.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                ended = true;
            }

            return TransportError.None;
        };
        Queues.Send(AlertBy(("m1", new IPEndPoint(IPAddress.Loopback, 1))), EmailAlertLevel.Failures, "one.");
        await connecting.Task.InTimeAsync();

        await Queues.StopAsync(TestContext.Current.CancellationToken).InTimeAsync();

        Assert.True(ended);
        Send("two.", Start());
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Stop_ends_when_the_last_connection_is_closed()
    {
        var (connecting, gate) = HoldConnections();
        var mailer = Start();
        Send("one.", mailer);
        await connecting.InTimeAsync();

        var stopping = Queues.StopAsync(TestContext.Current.CancellationToken);

        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        await stopping.InTimeAsync();
        Assert.Empty(await mailer.MailAsync()); // the connection is closed, and had nothing on it
    }

    [Fact]
    public async Task Stop_does_not_wait_for_ever()
    {
        var (connecting, gate) = HoldConnections();
        Send("one.", Start());
        await connecting.InTimeAsync();
        var stopping = Queues.StopAsync(TestContext.Current.CancellationToken);

        _time.Advance(MailQueues.LongestStop);

        await stopping.InTimeAsync();
        gate.SetResult();
    }

    [Fact]
    public async Task Stop_that_is_not_to_wait_does_not()
    {
        var (connecting, gate) = HoldConnections();
        Send("one.", Start());
        await connecting.InTimeAsync();

        await Queues.StopAsync(new CancellationToken(canceled: true)).InTimeAsync();

        gate.SetResult();
    }

    [Theory]
    [InlineData(EmailAlertLevel.Failures, 1)]
    [InlineData(EmailAlertLevel.Changes, 2)]
    [InlineData(EmailAlertLevel.Checks, 3)]
    public async Task Level_says_how_much_is_told(EmailAlertLevel level, int count)
    {
        var mailer = Start();
        var alert = AlertBy(("m1", mailer.EndPoint)) with { Level = level };

        Queues.Send(alert, EmailAlertLevel.Checks, "a check.");
        Queues.Send(alert, EmailAlertLevel.Changes, "a change.");
        Queues.Send(alert, EmailAlertLevel.Failures, "a failure.");

        for (var i = 1; i < count; i++)
        {
            await mailer.MailAsync();
        }

        Assert.Contains("Alert] a failure\n", await mailer.MailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_end_in_a_text_adds_no_field()
    {
        var mailer = Start();

        Send("Server b/s1 is DOWN, info: \"a\r\nBcc: c@d.example\".", mailer);

        Assert.DoesNotContain("\nBcc", await mailer.MailAsync(), StringComparison.Ordinal);
    }

    /// <summary>Has who connects wait at a gate, whoever gives up.</summary>
    /// <returns>When the first is there, and the gate.</returns>
    private (Task Connecting, TaskCompletionSource Gate) HoldConnections()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.Connecting = async (_, _) =>
        {
            connecting.TrySetResult();
            await gate.Task;
            return TransportError.None;
        };
        return (connecting.Task, gate);
    }

    private WireMailer Start(Func<string, string?>? answer = null)
    {
        var mailer = WireMailer.Start(_network, answer);
        _mailers.Add(mailer);
        return mailer;
    }

    private void Send(string line, params WireMailer[] mailers) =>
        Queues.Send(AlertBy([.. mailers.Select(static (m, i) => ($"m{i + 1}", m.EndPoint))]), EmailAlertLevel.Failures, line);

    private static EmailAlert AlertBy(params (string Name, EndPoint EndPoint)[] mailers) =>
        new("here.example", "from@a.example", "to@b.example", EmailAlertLevel.Failures, TimeSpan.FromSeconds(10), mailers);

    private Task<LogEntry> FailureAsync() => _log.WaitForAsync(static e => e.Message.Contains("has not taken", StringComparison.Ordinal));
}
