using System.Net;
using ProxyKit.Exchanges;
using ProxyKit.Statistics;
using ProxyKit.Transport;

namespace ProxyKit.Frontends;

/// <summary>The live socket of a bind: accepts clients as long as there is room for them, and starts their sessions.</summary>
/// <remarks>Lives on over reloads as long as its address stays.</remarks>
internal sealed class Listener(DataPath path, SnapshotHolder snapshots, ITransportListener socket, int slot) : IDisposable
{
    /// <summary>How long to leave a machine alone that has run out of something. HAProxy waits as long.</summary>
    private static readonly TimeSpan ExhaustedPause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _closing = new();
    private Task _accepting = Task.CompletedTask;

    /// <summary>Its place in the snapshots.</summary>
    public int Slot { get; } = slot;

    /// <summary>What it stands for now; null when a reload has left it out.</summary>
    public BoundPolicy? Bound => snapshots.Current.For(this);

    public EndPoint? LocalEndPoint => socket.LocalEndPoint;

    public SessionSet Sessions { get; } = new();

    /// <summary>The client connections that came in here.</summary>
    public ConnectionCount Connections { get; } = new();

    /// <summary>What came in here, and how it went.</summary>
    public TrafficCounters Traffic { get; } = new(path.Time);

    public void Start() => _accepting = AcceptAsync();

    /// <summary>Accepts no more. Sessions go on; those without a request close.</summary>
    public async Task CloseAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        socket.Dispose();
        await _accepting.ConfigureAwait(false);
        Sessions.Drain();
    }

    public void Dispose()
    {
        socket.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                await WhenRoomAsync().ConfigureAwait(false);
                if (await socket.AcceptAsync().ConfigureAwait(false) is not { } accepted)
                {
                    return;
                }

                if (accepted.Connection is { } connection)
                {
                    await AdmitAsync(connection).ConfigureAwait(false);
                }
                else if (accepted.Error != TransportError.Reset) // a client that is gone again is no reason to pause
                {
                    path.Log.AcceptFailed(
                        LocalEndPoint,
                        accepted.Error == TransportError.ResourceExhausted ? "descriptors or memory have run out" : accepted.Error.ToString());
                    await Task.Delay(ExhaustedPause, path.Time, _closing.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // closing
        }
        catch (Exception e)
        {
            // A transport that breaks its promise: this address accepts no more, which must at least be known.
            path.Log.Failed(e, $"listener {LocalEndPoint}");
        }
    }

    /// <summary>Starts the session of an accepted client. Another listener may have taken the last place meanwhile: the client waits for the next
    /// one, as it would have in the kernel's queue.</summary>
    private async ValueTask AdmitAsync(Connection connection)
    {
        while (!_closing.IsCancellationRequested && Bound is { } bound)
        {
            if (path.Connections.TryEnter())
            {
                if (TryEnter(bound))
                {
                    CountConnection(bound.Policy);
                    var session = new Session(path, this, connection, bound);
                    Sessions.Add(session);
                    ThreadPool.UnsafeQueueUserWorkItem(session, preferLocal: false);
                    return;
                }

                path.Connections.Leave();
            }

            try
            {
                await WhenRoomAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        connection.Dispose();
    }

    /// <summary>Counts a client for the frontend, for this listener and in the rates, or for none of them.</summary>
    private bool TryEnter(BoundPolicy bound)
    {
        var policy = bound.Policy;
        if (!policy.Connections.TryEnter())
        {
            return false;
        }

        if (Connections.TryEnter())
        {
            if (bound.TryBegin())
            {
                return true;
            }

            Connections.Leave();
        }

        policy.Connections.Leave();
        return false;
    }

    private void CountConnection(FrontendPolicy policy)
    {
        var now = path.Time.GetTimestamp();
        path.Traffic.CountConnection(now);
        policy.Facts.Traffic.CountConnection(now);
        Traffic.CountConnection(now);
    }

    private async ValueTask WhenRoomAsync()
    {
        while (Bound is { } bound)
        {
            if (FirstFull(path.Connections, bound.Policy.Connections, Connections) is { } full)
            {
                await full.WhenRoomAsync(_closing.Token).ConfigureAwait(false);
            }
            else if (bound.WaitForRoom(_closing.Token) is { } room)
            {
                await room.ConfigureAwait(false);
            }
            else
            {
                return;
            }
        }
    }

    private static ConnectionCount? FirstFull(ConnectionCount process, ConnectionCount frontend, ConnectionCount own) =>
        process.Current >= process.Limit ? process
        : frontend.Current >= frontend.Limit ? frontend
        : own.Current >= own.Limit ? own
        : null;
}
