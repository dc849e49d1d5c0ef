using System.Text;
using ProxyKit.Backends;
using ProxyKit.StickTables;

namespace ProxyKit.Stickiness;

/// <summary>A backend's sticky cookie, ready for use: what it means in a request (<c>ServerCookie.Request.cs</c>) and what becomes of it in a
/// response (<c>ServerCookie.Response.cs</c>). Immutable.</summary>
internal sealed partial class ServerCookie
{
    private readonly byte[] _name;
    private readonly byte[] _attributes; // behind the path
    private readonly StickyCookieMode _mode;
    private readonly bool _isIndirect, _isNoCache, _isPostOnly, _preserves;
    private readonly long _maxIdle, _maxLife; // seconds; 0 for no limit
    private readonly TimeProvider _time;
    private readonly Dictionary<byte[], Server[]>.AlternateLookup<ReadOnlySpan<byte>> _servers;
    private readonly int _longestId;

    public ServerCookie(StickyCookieOptions options, Server[] servers, TimeProvider time)
    {
        _name = Encoding.UTF8.GetBytes(options.Name);
        _mode = options.Mode;
        (_isIndirect, _isNoCache, _isPostOnly, _preserves) = (options.IsIndirect, options.IsNoCache, options.IsPostOnly, options.PreservesServerCookie);
        _maxIdle = (long)(options.MaxIdle ?? TimeSpan.Zero).TotalSeconds;
        _maxLife = (long)(options.MaxLife ?? TimeSpan.Zero).TotalSeconds;
        _time = time;
        var attributes = new StringBuilder();
        foreach (var domain in options.Domains)
        {
            attributes.Append("; domain=").Append(domain);
        }

        attributes.Append(options.IsHttpOnly ? "; HttpOnly" : "").Append(options.IsSecure ? "; Secure" : "");
        foreach (var attribute in options.Attributes)
        {
            attributes.Append("; ").Append(attribute);
        }

        _attributes = Encoding.UTF8.GetBytes(attributes.ToString());
        var named = servers.Where(static s => s.Cookie is not null).ToArray();
        _longestId = named.Select(static s => s.Cookie!.Length).DefaultIfEmpty().Max(); // those that have one
        _servers = named.GroupBy(static s => s.Cookie!, StickKeyComparer.Instance) // likewise
            .ToDictionary(static g => g.Key, static g => g.ToArray(), (IEqualityComparer<byte[]>)StickKeyComparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Whether logs tell about it. HAProxy says nothing of a cookie that is only read, and neither do we.</summary>
    public bool IsLogged => _mode != StickyCookieMode.Passive || _isIndirect;

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();
}
