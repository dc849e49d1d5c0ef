using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit;

/// <summary>Makes proxies of haproxy.cfg files.</summary>
public static class HAProxyConfigurationExtensions
{
    /// <summary>Adds what haproxy.cfg files say to a composition. What they say of the whole proxy (<c>global maxconn</c>,
    /// <c>hard-stop-after</c>) takes the place of what was said before; of what they do not say that stays, a <see cref="ProxyOptions.DrainTimeout"/> of 30
    /// seconds included.</summary>
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
            Add(options.Frontends, read.Frontends);
            Add(options.Backends, read.Backends);
            Add(options.StickTables, read.StickTables);
            Add(options.Resolvers, read.Resolvers);
            Add(options.Mailers, read.Mailers);
            Add(options.Tiers, read.Tiers);
            Add(options.UserLists, read.UserLists);
            Add(options.ErrorSections, read.ErrorSections);
            Add(options.Variables, read.Variables);
            Add(options.HeaderNames, read.HeaderNames);

            options.Metering = read.Metering ?? options.Metering;
            options.MaxConnections = read.MaxConnections ?? options.MaxConnections;
            options.MaxConnectionRate = read.MaxConnectionRate ?? options.MaxConnectionRate;
            options.MaxSessionRate = read.MaxSessionRate ?? options.MaxSessionRate;
            options.MaxTlsConnections = read.MaxTlsConnections ?? options.MaxTlsConnections;
            options.MaxTlsRate = read.MaxTlsRate ?? options.MaxTlsRate;
            options.ErrorStatuses = read.ErrorStatuses ?? options.ErrorStatuses;
            options.FailureStatuses = read.FailureStatuses ?? options.FailureStatuses;
            options.CheckSpreadPercent = read.CheckSpreadPercent > 0 ? read.CheckSpreadPercent : options.CheckSpreadPercent;
            options.MaxCheckStartSpread = read.MaxCheckStartSpread ?? options.MaxCheckStartSpread;
            options.AcceptsBodyOfAnyMethod |= read.AcceptsBodyOfAnyMethod;
            options.KeepsConnectionsOfBothLengths |= read.KeepsConnectionsOfBothLengths;
            options.RejectsPrivilegedPorts |= read.RejectsPrivilegedPorts;
            options.NeverSendsLocalHeader |= read.NeverSendsLocalHeader;
            options.NodeName = read.NodeName ?? options.NodeName;
            options.AllowsExternalChecks |= read.AllowsExternalChecks;
            options.DrainTimeout = result.SaysHowLongToDrain ? read.DrainTimeout : options.DrainTimeout;
        });
    }

    /// <summary>Adds a proxy made of haproxy.cfg files, which starts and drains with the host; or, where <c>AddProxyKit</c> or this was called before, adds them to
    /// that one. What there is to say about the files goes to the
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

    private static void Add<T>(IList<T> to, IList<T> what)
    {
        foreach (var one in what)
        {
            to.Add(one);
        }
    }
}
