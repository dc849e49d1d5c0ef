using System.Globalization;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Units;
using ProxyKit.Rules.Expressions;
using ProxyKit.StickTables;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads <c>stick-table</c> lines.</summary>
internal static class StickTableLines
{
    /// <summary>The words behind <c>store</c>; whether each takes a count or a period.</summary>
    private static readonly Dictionary<string, (StickDataType Type, bool HasCount, bool HasPeriod)> Data = new(StringComparer.Ordinal)
    {
        ["server_id"] = (StickDataType.ServerId, false, false),
        ["server_key"] = (StickDataType.ServerKey, false, false),
        ["gpt0"] = (StickDataType.Tag0, false, false),
        ["gpt"] = (StickDataType.Tags, true, false),
        ["gpc0"] = (StickDataType.Counter0, false, false),
        ["gpc0_rate"] = (StickDataType.Counter0Rate, false, true),
        ["gpc1"] = (StickDataType.Counter1, false, false),
        ["gpc1_rate"] = (StickDataType.Counter1Rate, false, true),
        ["gpc"] = (StickDataType.Counters, true, false),
        ["gpc_rate"] = (StickDataType.CounterRates, true, true),
        ["conn_cnt"] = (StickDataType.Connections, false, false),
        ["conn_rate"] = (StickDataType.ConnectionRate, false, true),
        ["conn_cur"] = (StickDataType.CurrentConnections, false, false),
        ["sess_cnt"] = (StickDataType.Sessions, false, false),
        ["sess_rate"] = (StickDataType.SessionRate, false, true),
        ["http_req_cnt"] = (StickDataType.Requests, false, false),
        ["http_req_rate"] = (StickDataType.RequestRate, false, true),
        ["http_err_cnt"] = (StickDataType.Errors, false, false),
        ["http_err_rate"] = (StickDataType.ErrorRate, false, true),
        ["http_fail_cnt"] = (StickDataType.Failures, false, false),
        ["http_fail_rate"] = (StickDataType.FailureRate, false, true),
        ["glitch_cnt"] = (StickDataType.Glitches, false, false),
        ["glitch_rate"] = (StickDataType.GlitchRate, false, true),
        ["bytes_in_cnt"] = (StickDataType.BytesIn, false, false),
        ["bytes_in_rate"] = (StickDataType.BytesInRate, false, true),
        ["bytes_out_cnt"] = (StickDataType.BytesOut, false, false),
        ["bytes_out_rate"] = (StickDataType.BytesOutRate, false, true),
    };

    /// <summary>What an array has elements of, which would be counted twice or not at all.</summary>
    private static readonly (string? Name, StickDataType Array, StickDataType One)[] Overridden =
    [
        ("gpc", StickDataType.Counters, StickDataType.Counter0),
        ("gpc", StickDataType.Counters, StickDataType.Counter1),
        ("gpc_rate", StickDataType.CounterRates, StickDataType.Counter0Rate),
        ("gpc_rate", StickDataType.CounterRates, StickDataType.Counter1Rate),
        ("gpt", StickDataType.Tags, StickDataType.Tag0),
    ];

    public static void Read(Statement s)
    {
        if (s.Proxy.StickTable is not null)
        {
            s.Alert($"'stick-table' : {s.Proxy} has one already.");
            return;
        }

        StickKeyType? type = null;
        var size = 0L;
        var table = new StickTableOptions { Name = s.Proxy.Name, Size = 1 };
        for (var i = 0; i < s.Count; i++)
        {
            switch (s[i])
            {
                case "type":
                    type = KeyType(s, ++i);
                    if (type is StickKeyType.String or StickKeyType.Binary && s[i + 1] == "len" && s.TryInteger(i + 2, 1, 65535, out var length))
                    {
                        table.KeyLength = length;
                        i += 2;
                    }

                    break;
                case "size" when ConfigSize.Read(s[++i], "size", out size) is { } fault:
                    s.Alert(i, $"'stick-table' : {fault}.");
                    return;
                case "size":
                    break;
                case "expire" when s.TryTime(++i, out var expire):
                    table.Expire = expire > TimeSpan.Zero ? expire : null;
                    break;
                case "expire":
                    return;
                case "nopurge":
                    table.KeepsOld = true;
                    break;
                case "brates-factor" when s.TryInteger(++i, 1, 1024, out var factor):
                    table.ByteRateFactor = factor;
                    break;
                case "brates-factor":
                    return;
                case "store":
                    i = Store(s, i + 1, table);
                    break;
                case "srvkey" when s.TryChoice(++i, out var key, ("name", StickServerKey.Name), ("addr", StickServerKey.Address)):
                    table.ServerKey = key;
                    break;
                case "srvkey":
                    return;
                case "peers" or "recv-only" or "write-to":
                    s.Alert(i, $"'stick-table ... {s[i]}' is not supported yet.");
                    return;
                default:
                    s.Alert(i, $"'stick-table' : unknown argument '{s[i]}'"
                        + $"{NearestName.Hint(s[i], ["type", "size", "expire", "nopurge", "store", "srvkey", "brates-factor", "peers"])}.");
                    return;
            }
        }

        if (type is not { } keyType || size is < 1 or > int.MaxValue)
        {
            s.Alert($"'stick-table' : missing {(type is null ? "type" : "size")}.");
            return;
        }

        if (Array.Find(Overridden, o => Stores(table, o.Array) && Stores(table, o.One)) is { Name: { } name })
        {
            s.Alert($"'stick-table' : simultaneous usage of '{name}' and its numbered forms in a same table is not permitted, as '{name}' has their elements.");
            return;
        }

        table.KeyType = keyType;
        table.Size = (int)size;
        s.Proxy.StickTable = table;
    }

    private static bool Stores(StickTableOptions table, StickDataType type) => table.Store.Any(data => data.Type == type);

    private static StickKeyType? KeyType(Statement s, int index)
    {
        switch (s[index])
        {
            case "ip" or "ipv4":
                return StickKeyType.IPv4;
            case "ipv6":
                return StickKeyType.IPv6;
            case "integer":
                return StickKeyType.Integer;
            case "string":
                return StickKeyType.String;
            case "binary":
                return StickKeyType.Binary;
            default:
                s.Alert(index, $"'stick-table' : unknown type '{s[index]}'{NearestName.Hint(s[index], ["ip", "ipv6", "integer", "string", "binary"])}.");
                return null;
        }
    }

    /// <summary>Reads what is counted: words with commas between, each with its arguments in brackets. Gives the last argument it took.</summary>
    private static int Store(Statement s, int index, StickTableOptions table)
    {
        foreach (var item in Split(s[index]))
        {
            var open = item.IndexOf('(', StringComparison.Ordinal);
            var name = open < 0 ? item : item[..open];
            if (open >= 0 && !item.EndsWith(')'))
            {
                s.Alert(index, $"'stick-table' : missing closing parenthesis after store option '{name}'.");
                continue;
            }

            string[] arguments = open < 0 ? [] : item[(open + 1)..].TrimEnd(')').Split(',');
            if (!Data.TryGetValue(name, out var data))
            {
                s.Alert(index, $"'stick-table' : unknown data type '{name}'{NearestName.Hint(name, Data.Keys)}.");
                continue;
            }

            if (arguments.Length != (data.HasCount ? 1 : 0) + (data.HasPeriod ? 1 : 0))
            {
                s.Alert(index, $"'stick-table' : {(arguments.Length == 0 ? "missing" : "unexpected")} argument to data type '{name}'.");
                continue;
            }

            var count = 1;
            if (data.HasCount && (!int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > 100))
            {
                s.Alert(index, $"'stick-table' : '{name}' expects 1 to 100 elements (got '{arguments[0]}').");
                continue;
            }

            TimeSpan? period = null;
            if (data.HasPeriod)
            {
                if (ConfigTime.Read(arguments[^1], name, out var time) is { } fault)
                {
                    s.Alert(index, $"'stick-table' : {fault}.");
                    continue;
                }

                period = time;
            }

            if (table.Store.Any(d => d.Type == data.Type))
            {
                s.Warning(index, $"'stick-table' : data type '{name}' already configured, ignored.");
                continue;
            }

            table.Store.Add(new StickData(data.Type, period, count));
        }

        return index;
    }

    /// <summary>Divides at commas that stand in no brackets.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        var depth = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                yield return text[start..i];
                start = i + 1;
            }
            else
            {
                depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }
    }
}
