using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyKit.Hosting;

namespace ProxyKit;

/// <summary>Adds a proxy to a host.</summary>
public static class ProxyServiceCollectionExtensions
{
    /// <summary>Adds a proxy that starts and drains with the host. It can be asked for as <see cref="Proxy"/>. Whoever calls this again adds to the same proxy: a
    /// host has one.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what the proxy is made of.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddProxyKit(this IServiceCollection services, Action<ProxyBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddProxyKit((_, builder) => configure(builder));
    }

    /// <summary>Adds a proxy that starts and drains with the host, composed with the help of the host's services. Whoever calls this again adds to the same
    /// proxy, in the order of the calls.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what the proxy is made of.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddProxyKit(this IServiceCollection services, Action<IServiceProvider, ProxyBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var isFirst = services.All(static s => s.ServiceType != typeof(ProxyComposition));
        services.AddSingleton(new ProxyComposition(configure));
        if (!isFirst)
        {
            return services;
        }

        services.AddSingleton(static provider =>
        {
            var builder = new ProxyBuilder();
            foreach (var composition in provider.GetServices<ProxyComposition>())
            {
                composition.Configure(provider, builder);
            }

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
