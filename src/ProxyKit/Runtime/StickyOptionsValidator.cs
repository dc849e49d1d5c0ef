using System.Buffers;
using System.Net.Sockets;
using ProxyKit.Backends;
using ProxyKit.Stickiness;
using ProxyKit.Transport;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with what binds the clients of a backend to its servers; what rules name is looked up when they are made ready.</summary>
internal static class StickyOptionsValidator
{
    /// <summary>What ends a cookie's name or value, as clients and we read it.</summary>
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t;,\"\\");

    public static void Validate(BackendOptions options, FaultPath path)
    {
        if (options.RedispatchInterval == 0)
        {
            path.Add(nameof(options.RedispatchInterval), $"0 stands for no retry at all; set {nameof(options.Redispatch)} to false for that");
        }

        if (options.StickyCookie is { } cookie)
        {
            ValidateCookie(cookie, options, path.In(nameof(options.StickyCookie)));
        }

        if (options.DynamicCookieKey is { Length: 0 })
        {
            path.Add(nameof(options.DynamicCookieKey), "is empty; null stands for none");
        }

        if (options.RdpCookie is { } rdp && (rdp.Length == 0 || !rdp.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            path.Add(nameof(options.RdpCookie), $"{FaultPath.Quote(rdp)} is no name of letters and digits");
        }

        if (options.RefusesCacheableCookies && options.Mode == ProxyMode.Tcp)
        {
            path.Add(nameof(options.RefusesCacheableCookies), "in TCP mode there are no responses to look at");
        }

        ValidateRules(options, path);
    }

    /// <summary>What stands for a server in the cookie. What ends it depends on what else stands there.</summary>
    public static void ValidateValue(ServerOptions options, BackendOptions backend, FaultPath path)
    {
        if (options.Cookie is not { } value)
        {
            return;
        }

        if (value.Length == 0)
        {
            path.Add(nameof(options.Cookie), "is empty; null stands for none");
        }
        else if (Odd(value, backend.StickyCookie?.Mode == StickyCookieMode.Prefix ? "~" : "|") is { } odd)
        {
            path.Add(nameof(options.Cookie), $"{FaultPath.Quote(value)} has {odd} in it, which would end it");
        }
    }

    private static void ValidateCookie(StickyCookieOptions cookie, BackendOptions options, FaultPath path)
    {
        if (options.Mode == ProxyMode.Tcp)
        {
            path.Add("in TCP mode there are no cookies; Mode must be Http");
        }

        path.CheckDefined(nameof(cookie.Mode), cookie.Mode);
        if (string.IsNullOrEmpty(cookie.Name))
        {
            path.Add(nameof(cookie.Name), "a name is needed");
        }
        else if (Odd(cookie.Name, "=$") is { } odd)
        {
            path.Add(nameof(cookie.Name), $"{FaultPath.Quote(cookie.Name)} has {odd} in it, which no cookie's name can have");
        }

        if (cookie is { IsIndirect: true, Mode: StickyCookieMode.Rewrite })
        {
            path.Add(nameof(cookie.IsIndirect), "does not go with Rewrite: there would be nothing to rewrite");
        }

        if (cookie is { PreservesServerCookie: true, IsIndirect: false, Mode: not StickyCookieMode.Insert })
        {
            path.Add(nameof(cookie.PreservesServerCookie), "goes with Insert or Indirect alone");
        }

        CheckLimit(nameof(cookie.MaxIdle), cookie.MaxIdle, cookie.Mode, path);
        CheckLimit(nameof(cookie.MaxLife), cookie.MaxLife, cookie.Mode, path);
        foreach (var text in cookie.Domains.Concat(cookie.Attributes))
        {
            if (string.IsNullOrEmpty(text) || text.Any(static c => char.IsControl(c) || c == ';'))
            {
                path.Add($"{FaultPath.Quote(text ?? "")} is no attribute of a cookie: it is empty, or has a semicolon or a control character in it");
            }
        }

        if (cookie.IsDynamic)
        {
            ValidateDynamic(options, path);
        }
    }

    private static void ValidateDynamic(BackendOptions options, FaultPath path)
    {
        if (options.DynamicCookieKey is null)
        {
            path.Add(nameof(StickyCookieOptions.IsDynamic), $"needs the backend's {nameof(options.DynamicCookieKey)}");
        }

        foreach (var server in options.Servers)
        {
            if (server is { Cookie: null } && NetworkAddress.TryParseServer(server.Address ?? "", out var endPoint, out _, out _)
                && endPoint.AddressFamily == AddressFamily.Unspecified)
            {
                path.Add(
                    nameof(StickyCookieOptions.IsDynamic),
                    $"the value for server {FaultPath.Quote(server.Name)} is made from its address, and {FaultPath.Quote(server.Address!)} is a name; give it a {nameof(server.Cookie)}");
            }
        }
    }

    private static void ValidateRules(BackendOptions options, FaultPath path)
    {
        foreach (var (rule, position) in path.Elements(nameof(options.UseServerRules), options.UseServerRules))
        {
            var place = path.In("use-server rule", null, position);
            CheckCondition(rule.Condition, place);
            if (rule.Name is null && options.Servers.All(s => s?.Name != rule.Server))
            {
                place.Add(nameof(rule.Server), $"there is no server {FaultPath.Quote(rule.Server ?? "")} in this backend");
            }
        }

        foreach (var (rule, position) in path.Elements(nameof(options.PersistenceRules), options.PersistenceRules))
        {
            var place = path.In("persistence rule", null, position);
            place.CheckDefined(nameof(rule.Effect), rule.Effect);
            CheckCondition(rule.Condition, place);
        }

        foreach (var (rule, position) in path.Elements(nameof(options.StickRules), options.StickRules))
        {
            var place = path.In("stick rule", null, position);
            place.CheckDefined(nameof(rule.Kind), rule.Kind);
            if (rule.Key is null)
            {
                place.Add(nameof(rule.Key), "is null");
            }

            if (rule.Table is null)
            {
                place.Add(nameof(rule.Table), "is null; the empty text stands for the table named after the backend");
            }
        }
    }

    private static void CheckCondition(object? condition, FaultPath place)
    {
        if (condition is null)
        {
            place.Add("Condition", "is null");
        }
    }

    private static void CheckLimit(string property, TimeSpan? limit, StickyCookieMode mode, FaultPath path)
    {
        if (limit is not { } time)
        {
            return;
        }

        if (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromSeconds(int.MaxValue))
        {
            path.Add(property, $"{time} is out of range (1 second to 68 years; null for no limit)");
        }
        else if (mode != StickyCookieMode.Insert)
        {
            path.Add(property, "needs Insert: only a cookie that the proxy sets has a date");
        }
    }

    /// <summary>The first character that cannot be, in quotes; null where all can.</summary>
    private static string? Odd(string text, string others)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || !char.IsAscii(c) || Ends.Contains(c) || others.Contains(c, StringComparison.Ordinal))
            {
                return FaultPath.Quote(c.ToString());
            }
        }

        return null;
    }
}
