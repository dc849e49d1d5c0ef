using System.Net;
using ProxyKit.Transport;

namespace ProxyKit.Backends;

/// <summary>Where a server is whose address is looked up while the proxy runs: the one door between those who look it up and those who connect.
/// Outlives configurations.</summary>
/// <param name="source">The address to connect from; null for any.</param>
/// <param name="first">Where it is taken to be until somebody knows; null for nowhere.</param>
/// <param name="device">The network interface to connect by; null for any.</param>
/// <param name="socks4Proxy">The proxy of SOCKS version 4 that connections go by, so that they come from addresses of its kind; null for none.</param>
internal sealed class ServerPlace(IPEndPoint? source, IPEndPoint? first, string? device = null, IPEndPoint? socks4Proxy = null)
{
    private ConnectOptions? _options = OptionsOf(source, device, first, socks4Proxy);
    private string? _host;

    /// <summary>Where to connect; null while nobody knows.</summary>
    public ConnectOptions? Options => Volatile.Read(ref _options);

    public IPEndPoint? EndPoint => Options?.EndPoint as IPEndPoint;

    /// <summary>The host's name, where that was looked up too; null for the one that was written.</summary>
    public string? Host
    {
        get => Volatile.Read(ref _host);
        set => Volatile.Write(ref _host, value);
    }

    /// <summary>Has those connect there who do so from now on.</summary>
    public void Move(IPEndPoint? to) => Volatile.Write(ref _options, OptionsOf(source, device, to, socks4Proxy));

    private static ConnectOptions? OptionsOf(IPEndPoint? source, string? device, IPEndPoint? endPoint, IPEndPoint? socks4Proxy) => endPoint is null ? null
        : new ConnectOptions { EndPoint = endPoint, Source = source?.AddressFamily == (socks4Proxy ?? endPoint).AddressFamily ? source : null, Interface = device };
}
