using ProxyKit.Http;

namespace ProxyKit.Rules.Fetches;

/// <summary>The parts of a request's target in HAProxy's sense.</summary>
internal static class TargetParts
{
    /// <summary>Whether there is a path, be it empty: <c>*</c>, an authority and an absolute target that ends with its authority have none.</summary>
    public static bool HasPath(RequestHead request)
    {
        var target = request.TargetBytes;
        if (target.IsEmpty || target[0] == '/')
        {
            return !target.IsEmpty;
        }

        return target.IndexOf("://"u8) > 0 && request.AuthorityRange.End.Value < request.TargetRange.End.Value;
    }

    /// <summary>The path; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Path(RequestHead request) => HasPath(request) ? request.PathBytes : default;

    /// <summary>The path with its query and the question mark between; empty where there is none.</summary>
    public static ReadOnlySpan<byte> PathAndQuery(RequestHead request) =>
        HasPath(request) ? request.TargetBytes[(request.PathRange.Start.Value - request.TargetRange.Start.Value)..] : default;

    /// <summary>The first value of the Host field; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Host(RequestHead request)
    {
        var values = new HeaderValues(request.Headers, "host"u8, isWhole: false);
        return values.MoveNext() ? values.Current : default;
    }

    /// <summary>The part behind the host that <c>base</c> and the hashes have: the path where it begins with a slash.</summary>
    public static ReadOnlySpan<byte> Rooted(RequestHead request, bool withQuery)
    {
        var path = withQuery ? PathAndQuery(request) : Path(request);
        return !path.IsEmpty && path[0] == '/' ? path : default;
    }
}
