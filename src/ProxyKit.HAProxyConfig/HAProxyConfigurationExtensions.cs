using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit;

/// <summary>Makes proxies of haproxy.cfg files.</summary>
public static class HAProxyConfigurationExtensions
{
    /// <summary>Adds what haproxy.cfg files say to a composition. What they say of the whole proxy (<c>global maxconn</c>,
    /// <c>hard-stop-after</c>) takes the place of what was said before.</summary>
    /// <param name="builder">The composition.</param>
    /// <param name="paths">The files and directories.</param>
    /// <returns>The composition.</returns>
    /// <exception cref="HAProxyConfigurationException">The files cannot be used; it lists all that is wrong with them.</exception>
    public static ProxyBuilder AddHAProxyConfig(this ProxyBuilder builder, params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddHAProxyConfig(HAProxyConfiguration.Load(paths));
    }

    /// <summary>Adds what came of reading haproxy.cfg files to a composition.</summary>
    /// <param name="builder">The composition.</param>
    /// <param name="result">What came of it.</param>
    /// <returns>The composition.</returns>
    /// <exception cref="HAProxyConfigurationException">The files cannot be used; it lists all that is wrong with them.</exception>
    public static ProxyBuilder AddHAProxyConfig(this ProxyBuilder builder, HAProxyConfigurationResult result)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(result);
        var read = result.GetOptionsOrThrow();
        return builder.Configure(options =>
        {
            foreach (var frontend in read.Frontends)
            {
                options.Frontends.Add(frontend);
            }

            foreach (var backend in read.Backends)
            {
                options.Backends.Add(backend);
            }

            foreach (var table in read.StickTables)
            {
                options.StickTables.Add(table);
            }

            foreach (var list in read.UserLists)
            {
                options.UserLists.Add(list);
            }

            foreach (var resolvers in read.Resolvers)
            {
                options.Resolvers.Add(resolvers);
            }

            foreach (var variable in read.Variables)
            {
                options.Variables.Add(variable);
            }

            foreach (var tiers in read.Tiers)
            {
                options.Tiers.Add(tiers);
            }

            foreach (var section in read.ErrorSections)
            {
                options.ErrorSections.Add(section);
            }

            options.MaxConnections = read.MaxConnections ?? options.MaxConnections;
            options.CheckSpreadPercent = read.CheckSpreadPercent > 0 ? read.CheckSpreadPercent : options.CheckSpreadPercent;
            options.MaxCheckStartSpread = read.MaxCheckStartSpread ?? options.MaxCheckStartSpread;
            options.AllowsExternalChecks |= read.AllowsExternalChecks;
            options.DrainTimeout = read.DrainTimeout == new ProxyOptions().DrainTimeout ? options.DrainTimeout : read.DrainTimeout;
        });
    }

    /// <summary>Adds a proxy made of haproxy.cfg files, which starts and drains with the host. What there is to say about the files goes to the
    /// logger category <c>ProxyKit.HAProxyConfig</c>; where they cannot be used, the host's start throws a
    /// <see cref="HAProxyConfigurationException"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="paths">The files and directories.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddHAProxyConfig(this IServiceCollection services, params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(paths);
        return services.AddProxyKit((provider, builder) =>
        {
            var result = HAProxyConfiguration.Load(paths);
            if (provider.GetService<ILoggerFactory>() is { } loggers)
            {
                DiagnosticLog.Write(loggers, result.Diagnostics);
            }

            builder.AddHAProxyConfig(result);
        });
    }
}
