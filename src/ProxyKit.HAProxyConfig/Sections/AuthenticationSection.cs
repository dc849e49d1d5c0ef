using ProxyKit.Authentication;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>An <c>authentication</c> section, which HAProxy does not have.</summary>
/// <param name="name">Its name.</param>
/// <param name="place">Where it begins.</param>
internal sealed class AuthenticationSection(string name, Place place)
{
    public string Name => name;

    public Place Place => place;

    /// <summary>What it says but for its schemes.</summary>
    public AuthenticationOptions Options { get; } = new();

    /// <summary>Whether it names a scheme, be it one in which something is wrong.</summary>
    public bool NamesScheme { get; set; }

    /// <summary>Makes its schemes, anew for each frontend: of each that uses it other requests are excepted. All that they say was read with their
    /// lines.</summary>
    public List<(Func<AuthenticationSchemeOptions> Make, Place Place)> Schemes { get; } = [];

    /// <summary>Where each of its requirements stands.</summary>
    public List<Place> Requirements { get; } = [];

    /// <summary>Puts what it says into a frontend's options.</summary>
    public void Apply(AuthenticationUse use, AuthenticationOptions mapped)
    {
        foreach (var (make, _) in Schemes)
        {
            var scheme = make();
            scheme.Unless = use.Unless;
            mapped.Schemes.Add(scheme);
        }

        foreach (var requirement in Options.Requirements)
        {
            mapped.Requirements.Add(requirement);
        }

        foreach (var (reason, reply) in Options.Replies)
        {
            mapped.Replies[reason] = reply;
        }

        mapped.Policy = Options.Policy;
        mapped.Realm = Options.Realm;
        mapped.RefusalStatus = Options.RefusalStatus;
        mapped.TellsReason = Options.TellsReason;
        mapped.AllowsAmbiguousPaths = Options.AllowsAmbiguousPaths;
    }

    /// <summary>The section, for messages.</summary>
    public override string ToString() => $"authentication '{name}'";
}
