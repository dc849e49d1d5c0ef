using System.Net;
using ProxyKit.Frontends;
using ProxyKit.Rules.Explaining;
using ProxyKit.Transport;

namespace ProxyKit.Runtime.Explaining;

/// <summary>Finds where a described request comes in.</summary>
internal static class ExampleFrontend
{
    /// <summary>The frontend by its name, or by the port that the client connects to; where there is but one, that.</summary>
    /// <returns>The frontend, the address, and whether that is on the port.</returns>
    /// <exception cref="FormatException">There is none.</exception>
    public static (FrontendOptions Frontend, BindOptions? Bind, bool Fits) Find(ProxyOptions options, ExampleRequest request)
    {
        if (request.Frontend is { } name)
        {
            var named = options.Frontends.FirstOrDefault(f => f.Name == name)
                ?? throw new FormatException($"there is no frontend '{Shown.Text(name)}'{Known(options)}");
            return In(named, request);
        }

        foreach (var frontend in options.Frontends)
        {
            if (options.Frontends.Count == 1 || request.Port is null || frontend.Binds.Any(b => IsAt(b, request.Port)))
            {
                return In(frontend, request);
            }
        }

        throw new FormatException($"no frontend listens on port {request.Port}: name one{Known(options)}");
    }

    private static (FrontendOptions Frontend, BindOptions? Bind, bool Fits) In(FrontendOptions frontend, ExampleRequest request)
    {
        var fitting = frontend.Binds.FirstOrDefault(b => request.Port is null || IsAt(b, request.Port));
        return (frontend, fitting ?? frontend.Binds.FirstOrDefault(), fitting is not null);
    }

    /// <summary>Where the client has connected to, as far as the bind tells.</summary>
    public static IPEndPoint EndPointOf(BindOptions? bind, ExampleRequest request)
    {
        var bound = bind is null ? null : AddressOf(bind);
        var port = request.Port ?? bound?.Port ?? 80;
        return bound is null || bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any)
            ? new IPEndPoint(IPAddress.Loopback, port)
            : new IPEndPoint(bound.Address, port);
    }

    /// <summary>The number of a bind; 0 for none.</summary>
    public static int NumberOf(ProxyOptions options, BindOptions? bind) =>
        bind is not null && options.Frontends.FirstOrDefault(f => f.Binds.Contains(bind)) is { } frontend
            ? Numbering.OfBinds(frontend)[frontend.Binds.IndexOf(bind)]
            : 0;

    private static bool IsAt(BindOptions bind, int? port) => AddressOf(bind)?.Port == port;

    private static IPEndPoint? AddressOf(BindOptions bind) =>
        NetworkAddress.TryParseListen(bind.Address, out var listen, out _) ? listen.EndPoint as IPEndPoint : null;

    private static string Known(ProxyOptions options) =>
        $" (there are {Shown.Text(string.Join(", ", options.Frontends.Select(static f => f.Name)))})";
}
