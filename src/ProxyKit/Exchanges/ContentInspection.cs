using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What a client of a TCP frontend has sent before it is decided where to: rules look at it, wait for more of it within a limit, and then
/// it is passed on.</summary>
internal sealed class ContentInspection(
    DataPath path, Connection client, ReceiveBuffer buffer, RuleContext context, IRuleHost host)
{
    /// <summary>How much rules can look at. HAProxy: <c>tune.bufsize</c> less <c>tune.maxrewrite</c>.</summary>
    private const int Most = 15 * 1024;

    private readonly WaitLimit _limit = new(path.Wheel, client);
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
            context.Received = buffer.Array.AsMemory(buffer.Start, buffer.Length);
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
                return outcome;
            }

            if (!await TryReceiveMoreAsync(due).ConfigureAwait(false))
            {
                context.HasAll = true; // nothing more comes in time: what is missing does not hold
            }
        }
    }

    /// <summary>Gives the waiting up. Any thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        client.CancelWait();
    }

    /// <summary>Ends what it waits with; the buffer is its owner's.</summary>
    public void Release()
    {
        _limit.Retire();
        context.Received = default;
    }

    private async ValueTask<bool> TryReceiveMoreAsync(long due)
    {
        while (!_isStopped)
        {
            if (buffer.Length >= Most)
            {
                return false; // this is all that can be looked at
            }

            if (client.MayHaveData() && buffer.TryReceive(client, Most - buffer.Length, expectsMuch: false, out var result))
            {
                return !result.HasError && !result.IsEnd;
            }

            var wait = client.WaitForDataAsync();
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
