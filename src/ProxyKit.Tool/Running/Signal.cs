namespace ProxyKit.Tool.Running;

/// <summary>What the process can be told from outside.</summary>
internal enum Signal
{
    /// <summary>To take no more clients, and to leave once the last one is served. SIGUSR1.</summary>
    Finish,

    /// <summary>To read the configuration again. SIGUSR2, SIGHUP.</summary>
    Reload,

    /// <summary>To stop at once. SIGTERM.</summary>
    Terminate,

    /// <summary>To stop at once, said at the keyboard. SIGINT.</summary>
    Interrupt,
}
