namespace ProxyKit.Rules.Converters;

/// <summary>Tells a value that is short for good from one that may get longer: a part of what a TCP inspection still receives.</summary>
internal static class ArrivingBytes
{
    /// <summary>Ends a converter that needs more than a value has.</summary>
    /// <returns>False, for no sample; the condition waits where there may be one.</returns>
    public static bool NeedMore(RuleContext context, ReadOnlySpan<byte> value)
    {
        context.IsPending |= MayGrow(context, value);
        return false;
    }

    public static bool MayGrow(RuleContext context, ReadOnlySpan<byte> value) =>
        !context.HasAll && (value.IsEmpty || value.Overlaps(context.Received.Span) || value.Overlaps(context.Responded.Span));
}
