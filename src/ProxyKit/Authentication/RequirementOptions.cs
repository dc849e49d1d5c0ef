using ProxyKit.Rules;

namespace ProxyKit.Authentication;

/// <summary>What a request needs besides being from somebody: scopes, and claims.</summary>
public sealed class RequirementOptions
{
    /// <summary>The requests that need it.</summary>
    /// <value>Null by default: all.</value>
    public Condition? When { get; set; }

    /// <summary>The scopes that the client has to have, all of them: whole words of the claim <c>scope</c>, or elements of it or of <c>scp</c>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>The claims that the client has to have, all of them.</summary>
    public IList<RequiredClaim> Claims { get; } = [];

    /// <summary>Shows what is needed.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(", ", [.. Scopes.Select(static s => $"scope {s}"), .. Claims.Select(static c => c.ToString())]);
}
