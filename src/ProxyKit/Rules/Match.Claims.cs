using ProxyKit.Identities;
using ProxyKit.Rules;

namespace ProxyKit;

/// <summary>Conditions about who the client is.</summary>
public static partial class Match
{
    /// <summary>Holds for clients who have said who they are, and were believed.</summary>
    public static Condition Authenticated { get; } =
        new PredicateCondition("client is known", static exchange => exchange.Principal is not null) { Description = Call([]) };

    /// <summary>Holds for clients that have one of some scopes: a whole word of the claim <c>scope</c>, or an element of it or of <c>scp</c>. Compared
    /// with case. Not before they were verified.</summary>
    /// <param name="scopes">The scopes; at least one.</param>
    /// <returns>The condition.</returns>
    public static Condition Scope(params string[] scopes)
    {
        MatchArgument.ThrowIfNone(scopes, nameof(scopes));
        return new PrincipalCondition("scope", null, scopes) { Description = Call([.. scopes]) };
    }

    /// <summary>Holds for clients of whom something is claimed. Not before that was verified.</summary>
    /// <param name="path">The claim's name, or the path to it: see <see cref="Value.Claim"/>.</param>
    /// <param name="values">The values of which it has to have one: as the whole, as a word of a text with blanks, or as an element of an array. None
    /// for any at all.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="FormatException"><paramref name="path"/> is none.</exception>
    public static Condition Claim(string path, params string[] values)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(values);
        return new PrincipalCondition($"claim {path}", ClaimPath.Parse(path), values) { Description = Call([path, .. values]) };
    }
}
