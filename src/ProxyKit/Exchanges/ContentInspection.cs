using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What a client of a TCP frontend has sent before it is decided where to: rules look at it, wait for more of it within a limit, and then
/// it is passed on.</summary>
internal sealed class ContentInspection(DataPath path, Connection client, RuleContext context, IRuleHost host)
{
    private readonly WaitLimit _limit = new(path.Wheel, client);
    private byte[]? _buffer; // rented once something has come
    private int _length;
    private volatile bool _isStopped;

    /// <summary>What has come so far; stays valid until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Received => _buffer.AsMemory(0, _length);

    /// <summary>Asks the rules, again and again while they cannot be decided and more may come.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="delay">How long to wait for more; null for not at all.</param>
    public async ValueTask<RuleOutcome> AskAsync(RuleList rules, TimeSpan? delay)
    {
        var due = delay is { } time ? path.Wheel.Now + (long)time.TotalMilliseconds : 0;
        context.HasAll = delay is null;
        while (true)
        {
            context.Received = Received;
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

    /// <summary>Gives back what it holds.</summary>
    public void Release()
    {
        _limit.Retire();
        context.Received = default;
        if (_buffer is not null)
        {
            path.Pool.Return(_buffer);
            _buffer = null;
        }
    }

    private async ValueTask<bool> TryReceiveMoreAsync(long due)
    {
        while (!_isStopped)
        {
            if (client.MayHaveData())
            {
                _buffer ??= path.Pool.RentHead();
                if (client.TryReceive(_buffer.AsSpan(_length), out var result))
                {
                    if (result.HasError || result.IsEnd)
                    {
                        return false;
                    }

                    _length += result.Bytes;
                    return _length < _buffer.Length; // full: this is all that can be looked at
                }
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
