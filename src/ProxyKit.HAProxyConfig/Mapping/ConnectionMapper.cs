using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Hands what a section says of its messages and connections to the frontend or the backend made of it. What is about HTTP means nothing in
/// another mode, in HAProxy too.</summary>
internal static class ConnectionMapper
{
    public static void Map(ProxySection proxy, FrontendOptions mapped)
    {
        var settings = proxy.Settings.Connections;
        mapped.HasIndependentDirections = settings.HasIndependentDirections;
        mapped.ResetsConnections = settings.ResetsConnections;
        mapped.TcpKeepAlive = settings.ClientKeepAlive.ToOptions();
        if (!proxy.IsHttp)
        {
            return;
        }

        mapped.MaxPrivateConnections = settings.MaxPrivateConnections ?? mapped.MaxPrivateConnections;
        mapped.BuffersRequests = settings.BuffersRequests;
        mapped.OddHeaderNames = settings.OddHeaderNames;
        mapped.AdjustsHeaderCase = settings.AdjustsResponseCase;
        mapped.DropsResponseTrailers = settings.DropsResponseTrailers;
        mapped.IgnoresProbes = settings.IgnoresProbes;
        mapped.AcceptsUnsafeRequests = settings.AcceptsUnsafeRequests;
        mapped.AuthenticatesAsProxy = settings.AuthenticatesAsProxy;
        mapped.KeepsIdleWhileDraining = settings.KeepsIdleWhileDraining;
    }

    public static void Map(ProxySection proxy, BackendOptions mapped)
    {
        var settings = proxy.Settings.Connections;
        mapped.HasIndependentDirections = settings.HasIndependentDirections;
        mapped.ResetsConnections = settings.ResetsConnections;
        mapped.TcpKeepAlive = settings.ServerKeepAlive.ToOptions();
        if (!proxy.IsHttp)
        {
            return;
        }

        mapped.BuffersRequests = settings.BuffersRequests;
        mapped.OddHeaderNames = settings.OddHeaderNames;
        mapped.AdjustsHeaderCase = settings.AdjustsRequestCase;
        mapped.DropsRequestTrailers = settings.DropsRequestTrailers;
        mapped.PrefersLastServer = settings.PrefersLastServer;
        mapped.MaxKeepAliveQueue = settings.MaxKeepAliveQueue;
        mapped.PretendsKeepAlive = settings.PretendsKeepAlive;
        mapped.AcceptsUnsafeResponses = settings.AcceptsUnsafeResponses;
    }
}
