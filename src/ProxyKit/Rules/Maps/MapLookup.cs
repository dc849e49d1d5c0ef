using System.Text.RegularExpressions;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Maps;

/// <summary>Makes a value what a map has for it.</summary>
internal sealed class MapLookup(PatternIndex index, SampleType output, PatternValue? otherwise)
{
    public bool TryConvert(RuleContext context, ref Sample sample)
    {
        try
        {
            // A list that was changed since may have keys without values.
            var value = index.Find(context, in sample).Entry is { } entry ? entry.Value : otherwise;
            return value is not null && value.Get(output, ref sample);
        }
        catch (RegexMatchTimeoutException)
        {
            return false; // neither a value of the map nor the one for what is not in it
        }
    }
}
