using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyKit.PostgreSql;

namespace ProxyKit;

/// <summary>Has a host's proxy share usage and quotas with others.</summary>
public static class PostgreSqlServiceCollectionExtensions
{
    /// <summary>Brings the usage journal of the host's proxy to PostgreSQL, and leases quotas there for tiers that share
    /// <see cref="PostgreSqlGateway.Leases"/>: <c>AddProxyKit((services, proxy) => …)</c> finds the gateway among the services.</summary>
    /// <param name="services">The host's services, with <c>AddProxyKit</c>.</param>
    /// <param name="connectionString">Npgsql's: <c>Host=…;Username=…;Password=…;Database=…</c>.</param>
    /// <param name="configure">Says how.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UsePostgreSql(
        this IServiceCollection services, string connectionString, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        services.AddSingleton(provider => new PostgreSqlGateway(
            connectionString, configure, provider.GetService<ILoggerFactory>(), provider.GetService<TimeProvider>()));
        services.AddHostedService<PostgreSqlHostedService>();
        return services;
    }
}
