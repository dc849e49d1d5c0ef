using ProxyKit.Http;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Rules.Actions;

/// <summary>Brings the request's target into a normal form. A target without a path stays.</summary>
internal sealed class NormalizeUriAction(UriNormalization normalization) : RuleAction
{
    private static readonly RuleVerdict Refused = new(VerdictKind.Failure, 400);

    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => "normalize-uri " + normalization switch
    {
        UriNormalization.MergeSlashes => "path-merge-slashes",
        UriNormalization.StripDot => "path-strip-dot",
        UriNormalization.StripDotDot => "path-strip-dotdot",
        UriNormalization.StripDotDotFull => "path-strip-dotdot full",
        UriNormalization.PercentToUpperCase => "percent-to-uppercase",
        UriNormalization.PercentToUpperCaseStrict => "percent-to-uppercase strict",
        UriNormalization.PercentDecodeUnreserved => "percent-decode-unreserved",
        UriNormalization.PercentDecodeUnreservedStrict => "percent-decode-unreserved strict",
        UriNormalization.FragmentStrip => "fragment-strip",
        UriNormalization.FragmentEncode => "fragment-encode",
        _ => "query-sort-by-name",
    };

    internal override CompiledAction Compile(RuleCompiler compiler) => new(context =>
    {
        if (context.Request is not { } request || !TargetParts.HasPath(request))
        {
            return RuleOutcome.Next;
        }

        var part = Part(request);
        var normal = context.Scratch.Rent((part.Length * 3) + 3);
        var length = Normalize(part, normal);
        if (length < 0)
        {
            context.Verdict = Refused;
            return RuleOutcome.Final;
        }

        normal = normal[..length];
        return normal.SequenceEqual(part)
            ? RuleOutcome.Next
            : RewriteFailure.UnlessDone(context, TrySet(context, request, normal));
    });

    private ReadOnlySpan<byte> Part(RequestHead request) => normalization switch
    {
        UriNormalization.MergeSlashes or UriNormalization.StripDot or UriNormalization.StripDotDot or UriNormalization.StripDotDotFull =>
            request.PathBytes,
        UriNormalization.QuerySortByName => request.QueryBytes,
        _ => TargetParts.PathAndQuery(request),
    };

    private int Normalize(ReadOnlySpan<byte> text, Span<byte> normal) => normalization switch
    {
        UriNormalization.MergeSlashes => UriNormalizers.MergeSlashes(text, normal),
        UriNormalization.StripDot => UriNormalizers.StripDot(text, normal),
        UriNormalization.StripDotDot => UriNormalizers.StripDotDot(text, normal, full: false),
        UriNormalization.StripDotDotFull => UriNormalizers.StripDotDot(text, normal, full: true),
        UriNormalization.PercentToUpperCase => UriNormalizers.PercentToUpperCase(text, normal, strict: false),
        UriNormalization.PercentToUpperCaseStrict => UriNormalizers.PercentToUpperCase(text, normal, strict: true),
        UriNormalization.PercentDecodeUnreserved => UriNormalizers.PercentDecodeUnreserved(text, normal, strict: false),
        UriNormalization.PercentDecodeUnreservedStrict => UriNormalizers.PercentDecodeUnreserved(text, normal, strict: true),
        UriNormalization.FragmentStrip => UriNormalizers.FragmentStrip(text, normal),
        UriNormalization.FragmentEncode => UriNormalizers.FragmentEncode(text, normal),
        _ => UriNormalizers.SortQuery(text, normal),
    };

    private bool TrySet(RuleContext context, RequestHead request, ReadOnlySpan<byte> normal) => normalization switch
    {
        UriNormalization.MergeSlashes or UriNormalization.StripDot or UriNormalization.StripDotDot or UriNormalization.StripDotDotFull =>
            TargetEdits.TrySetPath(context, request, normal),
        UriNormalization.QuerySortByName => TargetEdits.TrySetQuery(context, request, normal),
        _ => TargetEdits.TrySetPathAndQuery(context, request, normal),
    };
}
