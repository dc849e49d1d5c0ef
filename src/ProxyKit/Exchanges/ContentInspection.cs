using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What one side of a TCP connection has sent and is not passed on yet: rules look at it, and wait for more of it within a limit.</summary>
/// <param name="path">The clock.</param>
/// <param name="sender">Who sends.</param>
/// <param name="buffer">What it has sent.</param>
/// <param name="context">What the rules are asked about.</param>
/// <param name="host">The tunnel.</param>
/// <param name="isServer">Whether it is the server, rather than the client.</param>
internal sealed class ContentInspection(
    DataPath path, Connection sender, ReceiveBuffer buffer, RuleContext context, IRuleHost host, bool isServer)
{
    /// <summary>How much rules can look at. HAProxy: <c>tune.bufsize</c> less <c>tune.maxrewrite</c>.</summary>
    private const int Most = 15 * 1024;

    private readonly WaitLimit _limit = new(path.Wheel, sender);
    private volatile bool _isStopped;

    /// <summary>Asks the rules, again and again while they cannot be decided and more may come.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="delay">How long to wait for more; null for not at all.</param>
    public async ValueTask<RuleOutcome> AskAsync(RuleList rules, TimeSpan? delay)
    {
        var due = delay is { } time ? path.Wheel.Now + (long)time.TotalMilliseconds : 0;
        context.HasAll = delay is null;
        while (true)
        {
            Show(buffer.Array.AsMemory(buffer.Start, buffer.Length));
            context.IsPending = false;
            var index = 0;
            var outcome = rules.Run(context, ref index, waits: !context.HasAll);
            while (outcome == RuleOutcome.Wait)
            {
                outcome = await rules.RunAsync(index, context, host).ConfigureAwait(false);
                if (outcome == RuleOutcome.Next)
                {
                    index++;
                    outcome = rules.Run(context, ref index, waits: !context.HasAll);
                }
            }

            if (outcome != RuleOutcome.Pending)
            {
                context.HasAll = true;
                if (outcome != RuleOutcome.Final && !_isStopped)
                {
                    context.WaitingRule = null; // the connection goes on without what it has waited for
                }

                return outcome;
            }

            if (await TryReceiveMoreAsync(due).ConfigureAwait(false))
            {
                context.WaitingRule = null;
            }
            else
            {
                context.HasAll = true; // nothing more comes in time: what is missing does not hold
            }
        }
    }

    /// <summary>Gives the waiting up. Any thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        sender.CancelWait();
    }

    /// <summary>Ends what it waits with; the buffer is its owner's.</summary>
    public void Release()
    {
        _limit.Retire();
        Show(default);
    }

    /// <summary>Takes out what has come, for whom it was meant; rules see nothing of it any more.</summary>
    public byte[] TakeAll()
    {
        Show(default);
        return buffer.TakeAll();
    }

    private void Show(ReadOnlyMemory<byte> bytes)
    {
        if (isServer)
        {
            context.Responded = bytes;
        }
        else
        {
            context.Received = bytes;
        }
    }

    private async ValueTask<bool> TryReceiveMoreAsync(long due)
    {
        while (!_isStopped)
        {
            if (buffer.Length >= Most)
            {
                return false; // this is all that can be looked at
            }

            if (sender.MayHaveData() && buffer.TryReceive(sender, Most - buffer.Length, expectsMuch: false, out var result))
            {
                return !result.HasError && !result.IsEnd;
            }

            var wait = sender.WaitForDataAsync();
            if (wait.IsCompleted)
            {
                _ = wait.Result; // there is something, or the wait was given up: the next turn finds out
                continue;
            }

            _limit.SetAt(due);
            var arrived = await wait.ConfigureAwait(false);
            if (_limit.Clear() && !arrived)
            {
                return false;
            }
        }

        return false;
    }
}
