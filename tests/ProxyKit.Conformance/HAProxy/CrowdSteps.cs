using System.Net.Sockets;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>The steps of a case in which several clients wait at once.</summary>
internal sealed class CrowdSteps : IAsyncDisposable
{
    /// <summary>Between clients that come one after the other: their order is what cases are about, and some cases are about the time between them.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(80);

    private readonly Gate _gate = new(), _held = new();
    private readonly List<(int Step, WireClient Client)> _begun = [];

    /// <summary>Keeps a request back at its server where its target says so.</summary>
    public async Task HoldAsync(WireExchange exchange)
    {
        if (IsHeld(exchange.Request.Target))
        {
            _held.Open();
            await _gate.PassAsync();
        }
    }

    /// <summary>Does a step of these.</summary>
    /// <returns>Whether it is one of these.</returns>
    public async Task<bool> TryRunAsync(HAProxyCase.Step step, int number, int port, Transcript transcript)
    {
        switch (step.Kind)
        {
            case HAProxyCase.StepKind.Begin:
                var client = await WireClient.ConnectAsync(port);
                _begun.Add((number, client));
                await client.SendRawAsync(step.Text);
                await (IsHeld(step.Text) ? _held.PassAsync() : Task.CompletedTask); // what is held comes to a server first
                break;
            case HAProxyCase.StepKind.Free:
                _gate.Open();
                break;
            case HAProxyCase.StepKind.Leave:
                await _begun[^1].Client.DisposeAsync();
                _begun.RemoveAt(_begun.Count - 1);
                break;
            case HAProxyCase.StepKind.Collect:
                await CollectAsync(transcript);
                break;
            default:
                return false;
        }

        await Task.Delay(Pause);
        Stillness.Wait(Stillness.Moment); // the proxy, in this process or in one of its own, has read what was sent
        return true;
    }

    /// <summary>Reads the responses to what was begun, in that order.</summary>
    public async Task CollectAsync(Transcript transcript)
    {
        foreach (var (step, client) in _begun)
        {
            try
            {
                transcript.Response(step, await client.ReadResponseAsync());
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                transcript.Response(step, null);
            }

            await client.DisposeAsync();
        }

        _begun.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, client) in _begun)
        {
            await client.DisposeAsync();
        }

        _gate.Dispose();
        _held.Dispose();
    }

    private static bool IsHeld(string text) => text.Contains("/hold", StringComparison.Ordinal);
}
