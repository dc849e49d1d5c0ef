namespace ProxyKit.Backends;

/// <summary>Is told when a server has more or less to do than before. On the threads that change it, some of which hold the queue's lock: short, and
/// nothing that waits.</summary>
internal interface ILoadWatch
{
    /// <summary>The number of requests at the server, or waiting for it, is another one.</summary>
    void OnLoadChanged();

    /// <summary>Another one is told from here on.</summary>
    void OnReplaced();
}
