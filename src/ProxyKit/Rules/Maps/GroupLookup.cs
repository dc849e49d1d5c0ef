using System.Text.RegularExpressions;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Maps;

/// <summary>Makes a value what a map has for the regular expression found in it, with <c>\0</c> to <c>\9</c> replaced by its groups and
/// <c>\xHH</c> by a byte.</summary>
/// <remarks>The one look-up that allocates when it finds something: .NET gives groups as objects only.</remarks>
internal sealed class GroupLookup(PatternIndex index, PatternValue? otherwise)
{
    public bool TryConvert(RuleContext context, ref Sample sample)
    {
        try
        {
            return TryLookUp(context, ref sample);
        }
        catch (RegexMatchTimeoutException)
        {
            return false; // neither a value of the map nor the one for what is not in it
        }
    }

    private bool TryLookUp(RuleContext context, ref Sample sample)
    {
        var hit = index.Find(context, in sample);
        if (hit.Entry is null)
        {
            return otherwise is not null && sample.SetString(otherwise.Text);
        }

        if (hit.Entry.Value?.Text is not { } template)
        {
            return false;
        }

        if (!template.AsSpan().Contains((byte)'\\'))
        {
            return sample.SetString(template);
        }

        return hit.Expression?.FindIn(sample.Bytes) is { } match
            && RegexReplacement.TryExpand(context, sample.Bytes, template, match, out var text) && sample.SetString(text);
    }
}
