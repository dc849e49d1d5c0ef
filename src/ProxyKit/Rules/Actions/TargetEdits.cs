using ProxyKit.Http;

namespace ProxyKit.Rules.Actions;

/// <summary>Puts other parts into a request's target. Each edit says whether it could be made: one of a part neither changes the target's form
/// nor its host, whatever the text that clients had a say in.</summary>
internal static class TargetEdits
{
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
        if (request.Form is TargetForm.Asterisk or TargetForm.Authority)
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
        var shape = ShapeOf(request, target);
        if (!shape.IsClear(target) || !FieldEdits.HasRoom(context, needed))
        {
            return false;
        }

        Apply(request, target.ToArray(), shape);
        if (request.Form == TargetForm.Absolute && request.Headers.IndexOf(KnownHeader.Host) is >= 0 and var host)
        {
            request.Headers.ReplaceValueAt(host, request.AuthorityBytes); // in its place, which is the first for most
            request.ForgetHost();
        }

        return true;
    }

    /// <summary>Takes a target over, taken to pieces anew.</summary>
    public static void Apply(RequestHead request, byte[] target) => Apply(request, target, ShapeOf(request, target));

    private static void Apply(RequestHead request, byte[] target, in TargetShape shape)
    {
        request.Form = shape.Form;
        request.RewriteTarget(target, shape.Path, shape.Query, shape.Authority);
    }

    private static TargetShape ShapeOf(RequestHead request, ReadOnlySpan<byte> target) =>
        TargetShape.Of(target, request.Form == TargetForm.Authority || request.Method == RequestMethod.Connect);

    /// <summary>Puts parts of a target together; not those that make none, or another host's.</summary>
    private static bool TryApply(
        RuleContext context, RequestHead request, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var length = first.Length + second.Length + third.Length;
        if (length > request.TargetBytes.Length && !FieldEdits.HasRoom(context, length - request.TargetBytes.Length))
        {
            return false;
        }

        byte[] target = [.. first, .. second, .. third];
        var shape = ShapeOf(request, target);
        if (!shape.IsClear(target) || !shape.KeepsHostOf(request))
        {
            return false; // what the server would take it for is not what rules and the Host field are about
        }

        Apply(request, target, shape);
        return true;
    }

    private static int PathStart(RequestHead request) => request.PathRange.Start.Value - request.TargetRange.Start.Value;

    private static int PathEnd(RequestHead request) => request.PathRange.End.Value - request.TargetRange.Start.Value;
}
