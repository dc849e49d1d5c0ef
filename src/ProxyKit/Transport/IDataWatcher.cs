namespace ProxyKit.Transport;

/// <summary>Is told that something arrived on a connection which nobody is waiting for: an idle one, or a client's during its exchange.</summary>
public interface IDataWatcher
{
    /// <summary>Data, the end of the stream or an error arrived. Runs on a pool thread, at most once or twice per
    /// <see cref="Connection.Watch"/>; must not block and must tolerate that the connection was taken over meanwhile.</summary>
    /// <param name="connection">The watched connection.</param>
    void OnDataAvailable(Connection connection);
}
