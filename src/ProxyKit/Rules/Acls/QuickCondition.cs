using ProxyKit.Http;

namespace ProxyKit.Rules.Acls;

/// <summary>The terms that a condition begins with, as far as a list of rules can ask them itself.</summary>
/// <param name="Terms">The terms, in their order; none where it has to be asked itself at once.</param>
/// <param name="IsAny">Whether it holds when one of them does; otherwise all have to.</param>
/// <param name="IsWhole">Whether that is all of it.</param>
internal readonly record struct QuickCondition(QuickTerm[] Terms, bool IsAny, bool IsWhole)
{
    /// <summary>One that has to be asked itself.</summary>
    public static QuickCondition None { get; } = new([], IsAny: false, IsWhole: false);

    /// <summary>The terms of parts that are joined, as far as each of the first parts is terms joined in the same way.</summary>
    public static QuickCondition Of(Condition[] parts, bool isAny)
    {
        var terms = new List<QuickTerm>();
        foreach (var part in parts)
        {
            var quick = part.Quick();
            if (!quick.IsWhole || quick.Terms.Length == 0 || (quick.Terms.Length > 1 && quick.IsAny != isAny))
            {
                return new([.. terms], isAny, IsWhole: false);
            }

            terms.AddRange(quick.Terms);
        }

        return new([.. terms], isAny, IsWhole: true);
    }

    /// <summary>Asks terms in their order, until one decides.</summary>
    /// <param name="terms">The terms of the condition, which lie wherever its list has put them.</param>
    /// <param name="request">What they are asked about.</param>
    /// <param name="isAny">As <see cref="IsAny"/>.</param>
    /// <param name="isWhole">As <see cref="IsWhole"/>.</param>
    /// <returns>What the condition says; <see cref="Truth.Pending"/> where it has to be asked itself.</returns>
    public static Truth Ask(ReadOnlySpan<QuickTerm> terms, RequestHead request, bool isAny, bool isWhole)
    {
        foreach (ref readonly var term in terms)
        {
            var truth = term.Ask(request);
            if (truth == Truth.Pending || (truth == Truth.True) == isAny)
            {
                return truth;
            }
        }

        return !isWhole ? Truth.Pending : isAny ? Truth.False : Truth.True;
    }
}
