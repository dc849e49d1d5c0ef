using ProxyKit.Backends;
using ProxyKit.Frontends;

namespace ProxyKit.Runtime;

/// <summary>Finds settings about HTTP in what speaks something else, where they would do nothing.</summary>
internal static class HttpOptionsValidator
{
    public static void Validate(FrontendOptions options, FaultPath path) => Validate(
        options.Mode,
        path,
        (nameof(options.BuffersRequests), options.BuffersRequests),
        (nameof(options.OddHeaderNames), options.OddHeaderNames != OddHeaderNames.Preserve),
        (nameof(options.DropsResponseTrailers), options.DropsResponseTrailers),
        (nameof(options.AdjustsHeaderCase), options.AdjustsHeaderCase),
        (nameof(options.IgnoresProbes), options.IgnoresProbes),
        (nameof(options.AcceptsUnsafeRequests), options.AcceptsUnsafeRequests),
        (nameof(options.AuthenticatesAsProxy), options.AuthenticatesAsProxy),
        (nameof(options.KeepsIdleWhileDraining), options.KeepsIdleWhileDraining));

    public static void Validate(BackendOptions options, FaultPath path) => Validate(
        options.Mode,
        path,
        (nameof(options.BuffersRequests), options.BuffersRequests),
        (nameof(options.OddHeaderNames), options.OddHeaderNames != OddHeaderNames.Preserve),
        (nameof(options.DropsRequestTrailers), options.DropsRequestTrailers),
        (nameof(options.AdjustsHeaderCase), options.AdjustsHeaderCase),
        (nameof(options.PrefersLastServer), options.PrefersLastServer),
        (nameof(options.MaxKeepAliveQueue), options.MaxKeepAliveQueue is not null),
        (nameof(options.AcceptsUnsafeResponses), options.AcceptsUnsafeResponses),
        (nameof(options.PretendsKeepAlive), options.PretendsKeepAlive));

    public static void Validate(ServerOptions options, BackendOptions backend, FaultPath path)
    {
        Validate(backend.Mode, path, (nameof(options.RedirectPrefix), options.RedirectPrefix is not null));
        if (options.RedirectPrefix is { } prefix && (prefix.Length == 0 || prefix.Any(static c => char.IsControl(c) || c == ' ')))
        {
            path.Add(nameof(options.RedirectPrefix), prefix.Length == 0 ? "is empty; null redirects nobody" : "has a space or a control character in it");
        }

        if (options.RedirectPrefix is not null && backend.Hedge is not null)
        {
            path.Add(nameof(options.RedirectPrefix), "cannot go together with Hedge, which would send the server requests that it is never to get");
        }
    }

    private static void Validate(ProxyMode mode, FaultPath path, params ReadOnlySpan<(string Property, bool IsSet)> settings)
    {
        foreach (var (property, isSet) in settings)
        {
            if (isSet && mode != ProxyMode.Http)
            {
                path.Add(property, "is for HTTP only");
            }
        }
    }
}
