using System.Text.RegularExpressions;

namespace ProxyKit.Tests.Http1;

/// <summary>A request as the rules say it is to be read, for the fuzz test to compare with.</summary>
/// <param name="Status">200 when it is accepted, 0 when it is not finished, else the status it is refused with.</param>
/// <param name="Consumed">Where the head ends.</param>
/// <param name="Forwarded">What a server is sent.</param>
internal sealed partial record ReferenceRequest(int Status, int Consumed, string Forwarded)
{
    public static ReferenceRequest Read(string wire)
    {
        try
        {
            var start = EmptyLines(wire);
            return Head(new ReferenceCursor(wire, start, 15360));
        }
        catch (ReferenceCursor.Stop stop)
        {
            return new(stop.Status, 0, "");
        }
    }

    private static int EmptyLines(string wire)
    {
        var cursor = new ReferenceCursor(wire, 0, int.MaxValue);
        for (var lines = 0; cursor.Peek() is '\r' or '\n'; lines++)
        {
            cursor.LineEnd();
            if (lines == 16)
            {
                throw new ReferenceCursor.Stop(400);
            }
        }

        return cursor.Position;
    }

    private static ReferenceRequest Head(ReferenceCursor cursor)
    {
        cursor.StatusWhenTooLong = 414;
        var method = cursor.While(ReferenceCursor.IsToken);
        Demand(method.Length > 0 && ReferenceCursor.IsBlank(cursor.Peek()));
        cursor.While(ReferenceCursor.IsBlank);
        var target = cursor.While(c => c is > ' ' and < '\x7f' and not '#');
        Demand(ReferenceCursor.IsBlank(cursor.Peek()));
        var version = cursor.While(c => c != '\n').TrimStart(' ', '\t');
        cursor.Next();
        version = version.EndsWith('\r') ? version[..^1] : version;
        Demand(version.Length > 0 && method != "PRI" && Version().IsMatch(version));
        Demand(version[5] == '1', 505);
        var authority = CheckTarget(method, ref target, out var scheme);

        cursor.StatusWhenTooLong = 431;
        var fields = cursor.Fields(100);
        CheckHost(fields, method, authority, scheme);
        var framing = ReferenceFraming.Read(fields, out _);
        if (method == "CONNECT")
        {
            ReferenceFraming.Drop(fields, "content-length");
            ReferenceFraming.Drop(fields, "transfer-encoding");
        }

        var is10 = version == "HTTP/1.0";
        Demand(!is10 || method is not ("GET" or "HEAD" or "DELETE") || framing is null or "0", 413);
        CheckWebSocket(fields);
        var lines = string.Concat(fields.Select(field => $"{field.Name}: {field.Value}\n"));
        return new(200, cursor.Position, $"{method} {target} HTTP/1.{(is10 ? 0 : 1)}\n{lines}");
    }

    private static string? CheckTarget(string method, ref string target, out string scheme)
    {
        scheme = "";
        if (method == "CONNECT")
        {
            Demand(Split(target, out _, out var port) && port.Length > 0);
            return target;
        }

        if (target[0] == '/')
        {
            return null;
        }

        if (target[0] == '*')
        {
            Demand(target == "*" && method == "OPTIONS");
            return null;
        }

        var match = Absolute().Match(target);
        Demand(match.Success);
        scheme = match.Groups["scheme"].Value.ToLowerInvariant();
        var authority = match.Groups["authority"].Value;
        Demand(authority.Length > 0 && Split(authority, out _, out _));
        authority = WithoutDefaultPort(authority, scheme);
        var (path, query) = (match.Groups["path"].Value, match.Groups["query"].Value);
        path = path.Length == 0 && (method != "OPTIONS" || query.Length > 0) ? "/" : path;
        target = match.Groups["scheme"].Value + "://" + match.Groups["user"].Value + authority + path + query;
        return authority;
    }

    private static void CheckHost(List<(string Name, string Value)> fields, string method, string? authority, string scheme)
    {
        var hosts = fields.Where(field => ReferenceFraming.Is(field.Name, "host")).Select(field => field.Value).ToList();
        if (hosts.Count == 0)
        {
            return;
        }

        Demand(hosts.TrueForAll(host => SameName(host, hosts[0])) && (hosts[0].Length == 0 || Split(hosts[0], out _, out _)));
        var normal = scheme.Length > 0 ? WithoutDefaultPort(hosts[0], scheme) : hosts[0];
        ReferenceFraming.Keep(fields, "host", normal);
        if (method == "CONNECT" && authority is not null)
        {
            var withoutPort = Regex.Replace(authority, ":(80|443)$", "");
            Demand(SameName(normal, authority) || SameName(normal.TrimEnd(':'), withoutPort));
        }
        else if (authority is not null)
        {
            Demand(SameName(normal, authority));
        }
    }

    private static void CheckWebSocket(List<(string Name, string Value)> fields)
    {
        if (ReferenceFraming.Take(fields, "connection").Exists(token => ReferenceFraming.Is(token, "upgrade"))
            && ReferenceFraming.Take(fields, "upgrade").Exists(token => ReferenceFraming.Is(token, "websocket")))
        {
            var keys = fields.Where(field => ReferenceFraming.Is(field.Name, "sec-websocket-key")).ToList();
            Demand(keys is [var key] && Key().IsMatch(key.Value));
        }
    }

    private static bool Split(string authority, out string host, out string port)
    {
        var match = Authority().Match(authority);
        (host, port) = (match.Groups["host"].Value, match.Groups["port"].Value);
        return match.Success;
    }

    private static string WithoutDefaultPort(string authority, string scheme) =>
        Regex.Replace(authority, scheme switch { "http" => ":(80)?$", "https" => ":(443)?$", _ => ":$" }, "");

    private static bool SameName(string a, string b) =>
        a == b || (a.All(char.IsAscii) && b.All(char.IsAscii) && a.Equals(b, StringComparison.OrdinalIgnoreCase));

    private static void Demand(bool condition, int status = 400)
    {
        if (!condition)
        {
            throw new ReferenceCursor.Stop(status);
        }
    }

    [GeneratedRegex(@"\AHTTP/[0-9]\.[0-9]\z")]
    private static partial Regex Version();

    [GeneratedRegex(@"\A(?<host>\[[^\x00-\x20\x7f,#/?@\\\[\]]+\]|[^\x00-\x20\x7f,#/?@\\\[\]:]+)(:(?<port>[0-9]*))?\z")]
    private static partial Regex Authority();

    [GeneratedRegex(@"\A(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<user>[^/?@]*@)?(?<authority>[^/?]*)(?<path>[^?]*)(?<query>(\?.*)?)\z")]
    private static partial Regex Absolute();

    [GeneratedRegex(@"\A[A-Za-z0-9+/]{22}==\z")]
    private static partial Regex Key();
}
