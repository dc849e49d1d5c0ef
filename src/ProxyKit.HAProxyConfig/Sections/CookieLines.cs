using ProxyKit.Rules.Expressions;
using ProxyKit.HAProxyConfig.Units;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads <c>cookie</c> lines.</summary>
internal static class CookieLines
{
    private static readonly string[] Options =
        ["rewrite", "insert", "prefix", "indirect", "nocache", "postonly", "preserve", "httponly", "secure", "domain", "maxidle", "maxlife", "dynamic", "attr"];

    public static void Read(Statement s)
    {
        var cookie = new StickyCookieOptions { Name = s[0] };
        var modes = new List<(StickyCookieMode Mode, int Index)>();
        for (var i = 1; i < s.Count; i++)
        {
            switch (s[i])
            {
                case "rewrite":
                    modes.Add((StickyCookieMode.Rewrite, i));
                    break;
                case "insert":
                    modes.Add((StickyCookieMode.Insert, i));
                    break;
                case "prefix":
                    modes.Add((StickyCookieMode.Prefix, i));
                    break;
                case "indirect":
                    cookie.IsIndirect = true;
                    break;
                case "nocache":
                    cookie.IsNoCache = true;
                    break;
                case "postonly":
                    cookie.IsPostOnly = true;
                    break;
                case "preserve":
                    cookie.PreservesServerCookie = true;
                    break;
                case "httponly":
                    cookie.IsHttpOnly = true;
                    break;
                case "secure":
                    cookie.IsSecure = true;
                    break;
                case "dynamic":
                    cookie.IsDynamic = true;
                    break;
                case "domain" when IsDomain(s, ++i):
                    cookie.Domains.Add(s[i]);
                    break;
                case "attr" when IsAttribute(s, ++i):
                    cookie.Attributes.Add(s[i]);
                    break;
                case "maxidle" when TryTime(s, ++i, out var time):
                    cookie.MaxIdle = time;
                    break;
                case "maxlife" when TryTime(s, ++i, out var time):
                    cookie.MaxLife = time;
                    break;
                case "domain" or "attr" or "maxidle" or "maxlife":
                    return; // with what is wrong said
                default:
                    s.Alert(i, $"'{s.Name}' supports {string.Join(", ", Options.Select(static o => $"'{o}'"))} (got '{s[i]}')"
                        + $"{NearestName.Hint(s[i], Options)}.");
                    return;
            }
        }

        if (Fits(s, cookie, modes))
        {
            cookie.Mode = modes.Count > 0 ? modes[0].Mode : StickyCookieMode.Passive;
            s.Proxy.Settings.Cookie = (cookie, s.Place);
        }
    }

    private static bool Fits(Statement s, StickyCookieOptions cookie, List<(StickyCookieMode Mode, int Index)> modes)
    {
        var isInserted = modes.Exists(static m => m.Mode == StickyCookieMode.Insert);
        var other = modes.Find(m => m.Mode != modes[0].Mode);
        if (other.Index > 0)
        {
            s.Alert(other.Index, "cookie 'rewrite', 'insert' and 'prefix' modes are incompatible.");
        }
        else if (cookie.IsIndirect && modes.Exists(static m => m.Mode == StickyCookieMode.Rewrite))
        {
            s.Alert("cookie 'rewrite' and 'indirect' modes are incompatible.");
        }
        else if (cookie.PreservesServerCookie && !cookie.IsIndirect && !isInserted)
        {
            s.Alert("cookie 'preserve' requires at least 'insert' or 'indirect'.");
        }
        else if ((cookie.MaxIdle is not null || cookie.MaxLife is not null) && !isInserted)
        {
            s.Alert("cookie 'maxidle' and 'maxlife' require 'insert': only a cookie set here has a date.");
        }
        else
        {
            return true;
        }

        return false;
    }

    private static bool IsDomain(Statement s, int index)
    {
        var domain = s[index];
        if (domain.Length == 0)
        {
            s.Alert(index, "'domain' expects <domain> as argument.");
            return false;
        }

        foreach (var c in domain)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            {
                s.Alert(index, $"character '{c}' is not permitted in domain name '{domain}'.");
                return false;
            }
        }

        if (!domain.Contains('.', StringComparison.Ordinal))
        {
            s.Warning(index, $"domain '{domain}' has no dot inside: browsers may refuse the cookie (see RFC6265#5.2.3).");
        }

        return true;
    }

    private static bool IsAttribute(Statement s, int index)
    {
        if (s[index].Length == 0)
        {
            s.Alert(index, "'attr' expects <value> as argument.");
            return false;
        }

        foreach (var c in s[index].Where(static c => char.IsControl(c) || c == ';'))
        {
            s.Alert(index, $"character '%x{(int)c:X2}' is not permitted in attribute value.");
            return false;
        }

        return true;
    }

    /// <summary>Times of cookies count in seconds, and so may be longer than others; a part of one counts as one.</summary>
    private static bool TryTime(Statement s, int index, out TimeSpan? time)
    {
        time = null;
        if (ConfigTime.Read(s[index], s[index - 1], out var read, inSeconds: true, ConfigTime.MaxMilliseconds * 1000) is { } fault)
        {
            s.Alert(index, $"{fault}.");
            return false;
        }

        time = read > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Ceiling(read.TotalSeconds)) : null;
        return true;
    }
}
