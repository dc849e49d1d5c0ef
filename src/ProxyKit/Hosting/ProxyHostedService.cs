using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;

namespace ProxyKit.Hosting;

/// <summary>Starts the proxy with the host and drains it with the host's stop.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The host's container makes it.")]
internal sealed class ProxyHostedService(Proxy proxy) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => proxy.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => proxy.StopAsync(cancellationToken);
}
