using System.Text.RegularExpressions;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Maps;

/// <summary>Makes a value the key of a map that it matches, as the key is written.</summary>
internal sealed class KeyLookup(PatternIndex index)
{
    public bool TryConvert(RuleContext context, ref Sample sample)
    {
        try
        {
            return index.Find(context, in sample).Entry is { } entry && sample.SetString(entry.Key);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
