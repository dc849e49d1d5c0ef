using ProxyKit.Http;

namespace ProxyKit.Rules.Actions;

/// <summary>Puts other parts into a request's target.</summary>
internal static class TargetEdits
{
    /// <summary>Whether the target has a path; <c>*</c> and an authority alone have none.</summary>
    public static bool HasPath(RequestHead request) => request.Form is TargetForm.Origin or TargetForm.Absolute;

    /// <summary>The path with its query; empty where there is none.</summary>
    public static ReadOnlySpan<byte> PathAndQuery(RequestHead request) => HasPath(request) ? request.TargetBytes[PathStart(request)..] : default;

    /// <summary>The path; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Path(RequestHead request) => HasPath(request) ? request.PathBytes : default;

    /// <summary>Puts another path into the target; the query stays.</summary>
    public static bool TrySetPath(RuleContext context, RequestHead request, ReadOnlySpan<byte> path) => request.Form switch
    {
        TargetForm.Authority => true,
        TargetForm.Asterisk => TryApply(context, request, default, path, default),
        _ => TryApply(context, request, request.TargetBytes[..PathStart(request)], path, request.TargetBytes[PathEnd(request)..]),
    };

    /// <summary>Puts another path and query into the target.</summary>
    public static bool TrySetPathAndQuery(RuleContext context, RequestHead request, ReadOnlySpan<byte> value) => request.Form switch
    {
        TargetForm.Authority => true,
        TargetForm.Asterisk => TryApply(context, request, default, value, default),
        _ => TryApply(context, request, request.TargetBytes[..PathStart(request)], value, default),
    };

    /// <summary>Puts another query into the target. An empty one leaves the question mark, and makes none.</summary>
    public static bool TrySetQuery(RuleContext context, RequestHead request, ReadOnlySpan<byte> query)
    {
        if (!HasPath(request))
        {
            return true;
        }

        var target = request.TargetBytes;
        var end = PathEnd(request);
        return end < target.Length ? TryApply(context, request, target[..(end + 1)], query, default)
            : query.IsEmpty || TryApply(context, request, target, "?"u8, query);
    }

    /// <summary>Puts another target into the request. One with an authority has the Host field say the same.</summary>
    public static bool TrySetTarget(RuleContext context, RequestHead request, ReadOnlySpan<byte> target)
    {
        // Room for both first: a target and a Host field that name two hosts must not come about.
        var needed = target.IndexOf("://"u8) > 0 ? (2 * target.Length) + 8 : target.Length;
        if (!FieldEdits.HasRoom(context, needed))
        {
            return false;
        }

        Apply(request, target.ToArray());
        if (request.Form == TargetForm.Absolute && request.Headers.IndexOf(KnownHeader.Host) >= 0)
        {
            request.Headers.Set("host"u8, request.AuthorityBytes);
            request.ForgetHost();
        }

        return true;
    }

    /// <summary>Takes a target over, taken to pieces anew.</summary>
    public static void Apply(RequestHead request, byte[] target)
    {
        var text = target.AsSpan();
        var end = target.Length;
        var authorityStart = 0;
        var pathStart = end;
        if (text.IsEmpty || text[0] == '/')
        {
            request.Form = TargetForm.Origin;
            pathStart = 0;
        }
        else if (text[0] == '*')
        {
            request.Form = TargetForm.Asterisk;
            pathStart = 0;
        }
        else if (text.IndexOf("://"u8) is > 0 and var scheme && text[..scheme].IndexOfAny((byte)'/', (byte)'?') < 0)
        {
            request.Form = TargetForm.Absolute;
            authorityStart = scheme + 3;
            var length = text[authorityStart..].IndexOfAny((byte)'/', (byte)'?');
            pathStart = length < 0 ? end : authorityStart + length;
            authorityStart += text[authorityStart..pathStart].IndexOf((byte)'@') + 1; // user information is no part of the host
        }
        else if (request.Form == TargetForm.Authority || request.Method == RequestMethod.Connect)
        {
            request.Form = TargetForm.Authority;
        }
        else
        {
            request.Form = TargetForm.Origin; // a path that lacks its slash: the rule's own doing
            pathStart = 0;
        }

        var question = text[pathStart..].IndexOf((byte)'?');
        var pathEnd = question < 0 || request.Form == TargetForm.Asterisk ? end : pathStart + question;
        var authority = request.Form switch
        {
            TargetForm.Absolute => new Range(authorityStart, pathStart),
            TargetForm.Authority => new Range(0, end),
            _ => new Range(0, 0),
        };
        request.RewriteTarget(target, new Range(pathStart, pathEnd), new Range(Math.Min(pathEnd + 1, end), end), authority);
    }

    private static bool TryApply(
        RuleContext context, RequestHead request, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var length = first.Length + second.Length + third.Length;
        if (length > request.TargetBytes.Length && !FieldEdits.HasRoom(context, length - request.TargetBytes.Length))
        {
            return false;
        }

        Apply(request, [.. first, .. second, .. third]);
        return true;
    }

    private static int PathStart(RequestHead request) => request.PathRange.Start.Value - request.TargetRange.Start.Value;

    private static int PathEnd(RequestHead request) => request.PathRange.End.Value - request.TargetRange.Start.Value;
}
