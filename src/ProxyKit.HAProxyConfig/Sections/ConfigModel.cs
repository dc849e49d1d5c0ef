using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules.Replies;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a configuration says, section by section, before it becomes options.</summary>
internal sealed class ConfigModel
{
    public GlobalSettings Global { get; } = new();

    public List<ProxySection> Defaults { get; } = [];

    public List<ProxySection> Proxies { get; } = [];

    public List<UserListSection> UserLists { get; } = [];

    /// <summary>The <c>resolvers</c> sections.</summary>
    public List<ResolversSection> Resolvers { get; } = [];

    /// <summary>The <c>crt-store</c> sections.</summary>
    public List<CertificateStore> CertificateStores { get; } = [];

    /// <summary>The <c>mailers</c> sections.</summary>
    public List<MailersSection> Mailers { get; } = [];

    /// <summary>The <c>healthcheck</c> sections.</summary>
    public List<HealthCheckSection> HealthChecks { get; } = [];

    /// <summary>The <c>tiers</c> sections.</summary>
    public List<TiersSection> Tiers { get; } = [];

    /// <summary>The <c>metering</c> section; null where there is none.</summary>
    public MeteringSection? Metering { get; set; }

    /// <summary>The <c>authentication</c> sections.</summary>
    public List<AuthenticationSection> Authentications { get; } = [];

    /// <summary>The <c>http-errors</c> sections.</summary>
    public List<ErrorSectionOptions> ErrorSections { get; } = [];

    /// <summary>The pages of these that replies are.</summary>
    public List<ReplyPage> ReplyPages { get; } = [];

    /// <summary>Sections of other kinds by kind and name: two of one name are one too many.</summary>
    public Dictionary<(Section Kind, string Name), Place> Auxiliary { get; } = [];

    /// <summary>Where sections say what they may say but once, for keywords of ProxyKit's own.</summary>
    public Dictionary<(object Section, string Keyword), Place> Said { get; } = [];

    /// <summary>Whether some line may have a value that asks an ACL by its name: <c>acl(name)</c>, <c>when(acl,name)</c>.</summary>
    public bool AsksAclsByName { get; set; }

    public ProxySection? FindProxy(string name) => Proxies.Find(p => p.Name == name);

    /// <summary>The proxy that has servers by this name.</summary>
    public ProxySection? FindBackend(string name) => Proxies.Find(p => p.HasBack && p.Name == name);
}
