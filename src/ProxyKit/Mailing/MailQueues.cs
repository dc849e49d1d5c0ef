using System.Net;
using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Transport;

namespace ProxyKit.Mailing;

/// <summary>The mails on their way: to each mailer one at a time, in order. Outlives configurations, so that a reload loses none; a stop does, whatever is
/// left.</summary>
internal sealed class MailQueues(ITransport transport, TimerWheel wheel, ILogger log)
{
    /// <summary>How many mails wait for one mailer at most; more are dropped. Where a mailer hangs, each of them takes its whole time.</summary>
    public const int MostWaiting = 100;

    /// <summary>How long a stop waits at most for what it breaks off. That ends at once; a log that does not return, or a lookup that hears of nothing, may
    /// not keep the proxy.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new(); // guards _queues, what is in them, and _isStopped
    private readonly Dictionary<EndPoint, MailQueue> _queues = []; // those with something in them or under way
    private readonly UnfailingLogger _log = new(log); // the mails behind one that it throws at go out
    private bool _isStopped;

    /// <summary>Tells of something, if it is among what is to be told. Waits for nothing.</summary>
    /// <param name="alert">From whom to whom.</param>
    /// <param name="level">What it is.</param>
    /// <param name="line">The line of the log about it.</param>
    public void Send(EmailAlert alert, EmailAlertLevel level, string line)
    {
        if (level > alert.Level)
        {
            return;
        }

        var mail = new Mail(alert, MailText.Of(line.EndsWith('.') ? line[..^1] : line), wheel.Time.GetUtcNow());
        foreach (var (name, endPoint) in alert.Mailers)
        {
            Add(mail, name, endPoint);
        }
    }

    /// <summary>Nothing is sent any more, and what is under way is broken off.</summary>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <returns>When its connections are closed, or <see cref="LongestStop"/> is over.</returns>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        MailQueue[] underWay;
        lock (_lock)
        {
            _isStopped = true;
            underWay = [.. _queues.Values];
            _queues.Clear();
        }

        foreach (var queue in underWay)
        {
            queue.Limit?.Cancel();
        }

        try
        {
            await Task.WhenAll(underWay.Select(static q => q.Delivery)).WaitAsync(LongestStop, wheel.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Whatever it is, it is broken off, and nobody hears of it any more.
        }
    }

    private void Add(Mail mail, string name, EndPoint endPoint)
    {
        bool isFull;
        lock (_lock)
        {
            if (_isStopped)
            {
                return;
            }

            if (!_queues.TryGetValue(endPoint, out var queue))
            {
                queue = _queues[endPoint] = new MailQueue { Delivery = Task.Run(() => DeliverAsync(endPoint)) }; // not on the thread of a check
            }

            isFull = queue.Waiting.Count >= MostWaiting;
            if (!isFull)
            {
                queue.Waiting.Enqueue((mail, name));
            }
        }

        if (isFull)
        {
            _log.MailDropped(name, mail.Text);
        }
    }

    private async Task DeliverAsync(EndPoint endPoint)
    {
        while (Take(endPoint) is var (mail, name, limit))
        {
            string? fault;
            try
            {
                limit.Set(mail.Alert.Limit);
                fault = await new MailDelivery(transport, limit).RunAsync(mail, endPoint).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                fault = e.Message; // a defect: the mails behind it go out
            }

            limit.Dispose();
            if (fault is not null && !IsStopped())
            {
                _log.MailFailed(name, fault, mail.Text);
            }
        }
    }

    /// <summary>The next mail, and the time it has; null where none is left: whoever adds one then has it delivered.</summary>
    private (Mail Mail, string Mailer, WorkLimit Limit)? Take(EndPoint endPoint)
    {
        lock (_lock)
        {
            if (_queues.TryGetValue(endPoint, out var queue) && queue.Waiting.TryDequeue(out var next))
            {
                queue.Limit = new WorkLimit(wheel);
                return (next.Mail, next.Mailer, queue.Limit);
            }

            _queues.Remove(endPoint);
            return null;
        }
    }

    private bool IsStopped()
    {
        lock (_lock)
        {
            return _isStopped;
        }
    }

    private sealed class MailQueue
    {
        public Queue<(Mail Mail, string Mailer)> Waiting { get; } = new();

        /// <summary>Ends when nothing is left to send.</summary>
        public required Task Delivery { get; init; }

        /// <summary>The time that the mail under way has; null before the first.</summary>
        public WorkLimit? Limit { get; set; }
    }
}
