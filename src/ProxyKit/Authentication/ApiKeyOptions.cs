namespace ProxyKit.Authentication;

/// <summary>Which keys clients are known by, and where they bring them.</summary>
public sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    /// <summary>The keys.</summary>
    public required ApiKeySet Keys { get; init; }

    /// <summary>The header field that a key is brought in.</summary>
    /// <value><c>X-Api-Key</c> by default; null for none.</value>
    public string? Header { get; set; } = "X-Api-Key";

    /// <summary>The parameter of the query that a key is brought in, where there is no such field. Targets stand in logs: prefer the field.</summary>
    /// <value>Null by default: none.</value>
    public string? QueryParameter { get; set; }

    internal override IEnumerable<string> Faults()
    {
        if (Keys is null)
        {
            yield return $"{nameof(Keys)}: is null";
        }

        if (string.IsNullOrEmpty(Header) && string.IsNullOrEmpty(QueryParameter))
        {
            yield return "there is neither a field nor a parameter that keys could be brought in";
        }
    }

    internal override Authenticator Create(SchemeSetup setup) => new ApiKeyAuthenticator(this);
}
