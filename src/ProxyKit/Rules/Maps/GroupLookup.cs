using System.Text.RegularExpressions;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Maps;

/// <summary>Makes a value what a map has for the regular expression found in it, with <c>\0</c> to <c>\9</c> replaced by its groups.</summary>
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

        var groups = hit.Expression?.FindIn(sample.Bytes)?.Groups;
        return groups is not null && TryExpand(template, groups, context.Scratch, ref sample);
    }

    private static bool TryExpand(
        ReadOnlySpan<byte> template, GroupCollection groups, Scratch scratch, ref Sample sample)
    {
        var result = scratch.Rent(Scratch.MaxResult);
        var length = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '\\' || ++i == template.Length)
            {
                if (length == result.Length)
                {
                    return false;
                }

                result[length++] = template[Math.Min(i, template.Length - 1)];
            }
            else if (template[i] is >= (byte)'0' and <= (byte)'9')
            {
                var group = groups[template[i] - '0'].ValueSpan; // empty for one that is not there
                if (!System.Text.Encoding.Latin1.TryGetBytes(group, result[length..], out var written))
                {
                    return false;
                }

                length += written;
            }
            else if (length < result.Length)
            {
                result[length++] = template[i];
            }
            else
            {
                return false;
            }
        }

        return sample.SetString(scratch.Shrink(result, length));
    }
}
