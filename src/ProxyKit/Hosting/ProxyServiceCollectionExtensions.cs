using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyKit.Hosting;

namespace ProxyKit;

/// <summary>Adds a proxy to a host.</summary>
public static class ProxyServiceCollectionExtensions
{
    /// <summary>Adds a proxy that starts and drains with the host. It can be asked for as <see cref="Proxy"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what the proxy is made of.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddProxyKit(this IServiceCollection services, Action<ProxyBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddProxyKit((_, builder) => configure(builder));
    }

    /// <summary>Adds a proxy that starts and drains with the host, composed with the help of the host's services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what the proxy is made of.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddProxyKit(this IServiceCollection services, Action<IServiceProvider, ProxyBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddSingleton(provider =>
        {
            var builder = new ProxyBuilder();
            configure(provider, builder);
            return Proxy.Create(builder.Build(), new ProxyEnvironment
            {
                LoggerFactory = provider.GetService<ILoggerFactory>(),
                TimeProvider = provider.GetService<TimeProvider>(),
                MeterFactory = provider.GetService<IMeterFactory>(),
            });
        });
        services.AddHostedService<ProxyHostedService>();
        return services;
    }
}
