using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Metering;
using ProxyKit.Rules;
using ProxyKit.StickTables;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>defaults</c>, <c>frontend</c>, <c>backend</c> or <c>listen</c> section.</summary>
internal sealed class ProxySection(ProxyKind kind, string name, Place place, ProxySection? from)
{
    public ProxyKind Kind => kind;

    /// <summary>The name; empty for an anonymous <c>defaults</c>.</summary>
    public string Name => name;

    public Place Place => place;

    /// <summary>The <c>defaults</c> section that it starts from.</summary>
    public ProxySection? From => from;

    /// <summary>Whether that is named by it, rather than the last one above it.</summary>
    public bool NamesFrom { get; init; }

    /// <summary>What it says of itself, on top of what it starts from.</summary>
    public ProxySettings Settings { get; } = from?.Settings.Copy() ?? new ProxySettings();

    public List<BindSection> Binds { get; } = [];

    public List<ServerSection> Servers { get; } = [];

    public List<UseBackend> UseBackends { get; } = [];

    /// <summary>Where everything goes, whatever servers there are; null for to those. HAProxy: <c>dispatch</c>.</summary>
    public ServerSection? Direct { get; set; }

    public List<Capture> Captures { get; } = [];

    public List<(UseServerRuleOptions Rule, Place Place)> UseServers { get; } = [];

    public List<(StickRuleOptions Rule, Place Place)> StickRules { get; } = [];

    public List<PersistenceRuleOptions> PersistenceRules { get; } = [];

    /// <summary>HAProxy: <c>monitor fail</c>.</summary>
    public List<Condition> MonitorFailures { get; } = [];

    public StickTableOptions? StickTable { get; set; }

    /// <summary>The tiers of its clients.</summary>
    public TiersUse? Tiers { get; set; }

    /// <summary>Where a client is told what it has used.</summary>
    public string? UsagePath { get; set; }

    /// <summary>How its clients say who they are.</summary>
    public AuthenticationUse? Authentication { get; set; }

    /// <summary>Whether it is written down what its clients use.</summary>
    public bool IsMetered { get; set; } = true;

    /// <summary>What is counted besides.</summary>
    public List<MeterOptions> Meters { get; } = [];

    /// <summary>Where each of these stands.</summary>
    public Dictionary<MeterOptions, Place> MeterPlaces { get; } = [];

    public RuleDraft Rules { get; } = new(from?.Rules);

    /// <summary>Whether a rule has connections be read as HTTP, so that a TCP frontend may lead to backends of both kinds.</summary>
    public bool SwitchesMode { get; set; } = from?.SwitchesMode ?? false;

    public bool IsNamedDefaults => kind == ProxyKind.Defaults && name.Length > 0;

    /// <summary>Whether clients arrive there.</summary>
    public bool HasFront => kind is ProxyKind.Frontend or ProxyKind.Listen;

    /// <summary>Whether servers are there.</summary>
    public bool HasBack => kind is ProxyKind.Backend or ProxyKind.Listen;

    public bool IsHttp => Settings.Mode == ProxyMode.Http;

    /// <summary>The section's keyword.</summary>
    public string Word => kind switch
    {
        ProxyKind.Defaults => "defaults",
        ProxyKind.Frontend => "frontend",
        ProxyKind.Backend => "backend",
        _ => "listen",
    };

    public Section Section => kind switch
    {
        ProxyKind.Defaults => Section.Defaults,
        ProxyKind.Frontend => Section.Frontend,
        ProxyKind.Backend => Section.Backend,
        _ => Section.Listen,
    };

    /// <summary>As messages call it: <c>frontend 'www'</c>.</summary>
    public override string ToString() => $"{Word} '{name}'";
}
