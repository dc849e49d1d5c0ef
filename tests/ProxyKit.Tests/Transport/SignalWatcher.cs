using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport;

/// <summary>A watcher that can be waited for.</summary>
internal sealed class SignalWatcher : IDataWatcher
{
    private readonly TaskCompletionSource<Connection> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Connection> Told => _told.Task;

    public void OnDataAvailable(Connection connection) => _told.TrySetResult(connection);
}
