using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>One of the proxies that are compared.</summary>
internal interface IProxyUnderTest
{
    /// <summary>As the report names it; in lower case, as the command line does.</summary>
    string Name { get; }

    /// <summary>What of its configuration bears on the result, in a sentence or two.</summary>
    string Configuration { get; }

    /// <summary>Whether it runs on .NET: compiled while it runs, so warmed up longer, and answers <c>HostControl</c>.</summary>
    bool IsManaged { get; }

    bool CanRun(ProxyShape shape);

    /// <summary>Writes what configuration the proxy reads, and says how to start it in the foreground.</summary>
    LaunchCommand Prepare(ProxySetup setup);

    Task<string> ReadVersionAsync(CancellationToken cancellation);
}
