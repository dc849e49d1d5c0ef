using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;

namespace ProxyKit.PostgreSql;

/// <summary>Starts a gateway's work once the host's services have started, and ends it once they have stopped: the last requests of a proxy that drains
/// are used and counted too.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The host's container makes it.")]
internal sealed class PostgreSqlHostedService(PostgreSqlGateway gateway, Proxy proxy) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        gateway.Start(proxy);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => gateway.StopAsync(cancellationToken);
}
