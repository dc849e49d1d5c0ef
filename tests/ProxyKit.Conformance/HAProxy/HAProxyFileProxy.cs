namespace ProxyKit.Conformance.HAProxy;

/// <summary>ProxyKit with a configuration in HAProxy's language.</summary>
internal static class HAProxyFileProxy
{
    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">It refused the configuration; the message is its own.</exception>
    public static async Task<IAsyncDisposable> StartAsync(string config, int port)
    {
        var read = HAProxyConfiguration.Parse(config, new HAProxyConfigurationOptions { DefaultBalance = Balance.RoundRobin }); // as in the version beside it
        if (read.Options is null)
        {
            throw new InvalidOperationException(string.Join('\n', read.Diagnostics));
        }

        var proxy = Proxy.Create(read.Options);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }
}
