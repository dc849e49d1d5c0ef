using System.Globalization;
using ProxyKit.Balancing;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads the lines about how servers are chosen.</summary>
internal static class BalanceLines
{
    private const string Algorithms =
        "'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', 'url_param', 'hash', 'hdr(name)', 'rdp-cookie(name)', 'log-hash' and 'sticky' options.";

    private static readonly string[] Names =
        ["roundrobin", "static-rr", "leastconn", "first", "sticky", "source", "random", "uri", "url_param", "hdr", "rdp-cookie", "hash"];

    public static void Read(Statement s)
    {
        var bracket = s[0].IndexOf('(', StringComparison.Ordinal);
        var algorithm = bracket < 0 ? s[0] : s[0][..bracket];
        var argument = bracket < 0 ? null : s[0][(bracket + 1)..];
        var balance = algorithm switch
        {
            "" or "roundrobin" => Plain(s, Balance.RoundRobin),
            "static-rr" => Plain(s, Balance.StaticRoundRobin),
            "leastconn" => Plain(s, Balance.LeastConnections),
            "first" => Plain(s, Balance.First),
            "sticky" => Plain(s, Balance.Sticky),
            "source" => Plain(s, Balance.Source()),
            "random" => Random(s, argument),
            "uri" => Uri(s),
            "url_param" => UrlParameter(s),
            "hdr" when argument is not null => Header(s, argument),
            "rdp-cookie" => RdpCookie(s, argument),
            "hash" => Hash(s),
            "log-hash" => Refuse(s, "log-hash is of 'mode log', which is not supported yet."),
            _ => Refuse(s, $"only supports {Algorithms[..^1]}{NearestName.Hint(algorithm, Names)}."),
        };
        s.Proxy.Settings.Balance = balance?.From(s.Place.ToString()) ?? s.Proxy.Settings.Balance;
    }

    public static void ReadHashType(Statement s)
    {
        if (s[0] == "avalanche")
        {
            s.Alert(0, "experimental feature 'hash-type avalanche' is not supported anymore, please use 'hash-type map-based sdbm avalanche' instead.");
            return;
        }

        if (s[0] is not ("consistent" or "map-based"))
        {
            s.Alert(0, "'hash-type' only supports 'consistent' and 'map-based'.");
            return;
        }

        var type = s[0] == "consistent" ? HashType.Consistent : HashType.MapBased;
        if (s.Count > 1)
        {
            if (Function(s[1]) is not { } function)
            {
                s.Alert(1, "'hash-type' only supports 'sdbm', 'djb2', 'crc32', 'wt6' or 'none' hash functions.");
                return;
            }

            if (s.Count > 2 && s[2] != "avalanche")
            {
                s.Alert(2, "'hash-type' only supports 'avalanche' as a modifier for hash functions.");
                return;
            }

            type = type with { Function = function, Avalanche = s.Count > 2 };
        }

        s.Proxy.Settings.HashType = type;
    }

    public static void ReadFactor(Statement s)
    {
        if (!int.TryParse(s[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var factor))
        {
            s.Alert(0, "'hash-balance-factor' expects an integer argument.");
        }
        else if (factor is not 0 and <= 100)
        {
            s.Alert(0, "'hash-balance-factor' must be 0 or greater than 100.");
        }
        else
        {
            s.Proxy.Settings.HashBalanceFactor = factor;
        }
    }

    public static void ReadAffinity(Statement s)
    {
        if (s.TryChoice(
            0, out var affinity, ("always", HashAffinity.Always), ("maxconn", HashAffinity.MaxConnections), ("maxqueue", HashAffinity.MaxQueue)))
        {
            s.Proxy.Settings.HashAffinity = affinity;
        }
    }

    private static HashFunction? Function(string word) => word switch
    {
        "sdbm" => HashFunction.Sdbm,
        "djb2" => HashFunction.Djb2,
        "wt6" => HashFunction.Wt6,
        "crc32" => HashFunction.Crc32,
        "none" => HashFunction.None,
        _ => null,
    };

    /// <summary>What takes no arguments. HAProxy passes over what follows all the same.</summary>
    private static Balance Plain(Statement s, Balance balance, int count = 1)
    {
        if (s.Count > count)
        {
            s.Warning(count, $"'balance {s[0]}' : '{s[count]}' means nothing here.");
        }

        return balance;
    }

    private static Balance? Refuse(Statement s, string message, int index = 0)
    {
        s.Alert(index, $"balance {message}");
        return null;
    }

    private static Balance? Random(Statement s, string? argument)
    {
        var text = argument ?? ")";
        var end = text.IndexOf(')', StringComparison.Ordinal);
        var draws = 2;
        if (end < 0)
        {
            return Refuse(s, "random : missing closing parenthesis.");
        }

        if (end > 0 && !int.TryParse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out draws))
        {
            return Refuse(s, $"random : unexpected character '{text[..end].FirstOrDefault(static c => !char.IsAsciiDigit(c))}' after argument.");
        }

        return draws < 1 ? Refuse(s, "random : number of draws must be at least 1.") : Plain(s, Balance.Random(draws));
    }

    private static Balance? Uri(Statement s)
    {
        var (whole, pathOnly) = (false, false);
        int? length = null, depth = null;
        for (var i = 1; i < s.Count; i++)
        {
            switch (s[i])
            {
                case "whole":
                    whole = true;
                    break;
                case "path-only":
                    pathOnly = true;
                    break;
                case "len" or "depth" when !int.TryParse(s[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1:
                    return Refuse(s, $"uri : '{s[i]}' expects a positive integer (got '{s[i + 1]}').", i);
                case "len":
                    length = int.Parse(s[++i], CultureInfo.InvariantCulture);
                    break;
                case "depth":
                    depth = int.Parse(s[++i], CultureInfo.InvariantCulture);
                    break;
                default:
                    return Refuse(s, $"uri only accepts parameters 'len', 'depth', 'path-only', and 'whole' (got '{s[i]}').", i);
            }
        }

        return Balance.Uri(whole, pathOnly, length, depth);
    }

    private static Balance? UrlParameter(Statement s)
    {
        if (s[1].Length == 0)
        {
            return Refuse(s, "url_param requires an URL parameter name.");
        }

        // With the modifier or without, a POST that has none in its query is looked into.
        return s.Count > 2 && s[2] != "check_post"
            ? Refuse(s, $"url_param only accepts 'check_post' modifier (got '{s[2]}').", 2)
            : Plain(s, Balance.UrlParameter(s[1]), count: 3);
    }

    private static Balance? Header(Statement s, string argument)
    {
        if (argument.IndexOf(')', StringComparison.Ordinal) is var end && end < 1)
        {
            return Refuse(s, "hdr requires an http header field name.");
        }

        return s.Count > 1 && s[1] != "use_domain_only"
            ? Refuse(s, $"{s[0]} only accepts 'use_domain_only' modifier (got '{s[1]}').", 1)
            : Plain(s, Balance.Header(argument[..end], domainOnly: s.Count > 1), count: 2);
    }

    private static Balance? RdpCookie(Statement s, string? argument)
    {
        if (argument is null)
        {
            return Plain(s, Balance.RdpCookie());
        }

        return argument.IndexOf(')', StringComparison.Ordinal) is var end && end < 1
            ? Refuse(s, "rdp-cookie : missing cookie name.")
            : Plain(s, Balance.RdpCookie(argument[..end]));
    }

    private static Balance? Hash(Statement s)
    {
        if (s[1].Length == 0)
        {
            return Refuse(s, "hash requires a sample expression.");
        }

        if (s.Count > 2)
        {
            return Refuse(s, $"hash takes no other argument (got '{s[2]}').", 2);
        }

        try
        {
            return Balance.Hash(Value.Parse(s[1], s.Language));
        }
        catch (RuleFaultException e)
        {
            s.Alert(1, $"failed to parse 'balance hash' expression '{s[1]}' in : {e.Message}.");
            return null;
        }
    }
}
