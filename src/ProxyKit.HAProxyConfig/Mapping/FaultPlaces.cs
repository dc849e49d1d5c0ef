using System.Globalization;
using ProxyKit.Frontends;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Metering;
using ProxyKit.Rules.UserLists;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Finds the lines that the options were made of: what is wrong with these is said of a line.</summary>
internal sealed class FaultPlaces
{
    private const string Deeper = " > ";
    private const string Text = ": ";

    // The keywords that options are made of which are only looked at when they are put to use.
    private static readonly (string Property, string Keyword)[] Options =
    [
        (nameof(FrontendOptions.LogFormat), "log-format"),
        (nameof(FrontendOptions.ErrorLogFormat), "error-log-format"),
        (nameof(FrontendOptions.UniqueIdFormat), "unique-id-format"),
        (nameof(FrontendOptions.UniqueIdHeader), "unique-id-header"),
        (nameof(FrontendOptions.MonitorTarget), "monitor-uri"),
        (nameof(FrontendOptions.Tiers), "use-tiers"),
        (nameof(FrontendOptions.TiersUnless), "use-tiers"),
        (nameof(FrontendOptions.UsagePath), "usage-uri"),
        (nameof(FrontendOptions.Authentication), "authenticate"),
    ];

    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal); // by the way to them, as faults have it
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    /// <param name="model">What was read.</param>
    public FaultPlaces(ConfigModel model)
    {
        foreach (var proxy in model.Proxies)
        {
            if (proxy.HasFront)
            {
                AddFront(proxy, $"frontend \"{proxy.Name}\"", model);
            }

            if (proxy.HasBack)
            {
                AddBack(proxy, $"backend \"{proxy.Name}\"");
            }
        }

        _files.UnionWith(model.Global.Variables.Select(static v => v.Origin).OfType<string>().Select(static o => o[..o.LastIndexOf(':')]));
        foreach (var resolvers in model.Resolvers)
        {
            Add($"resolvers \"{resolvers.Options.Name}\"", resolvers.Place);
        }

        foreach (var list in model.UserLists)
        {
            AddUsers(list);
        }

        foreach (var mailers in model.Mailers)
        {
            Add($"mailers \"{mailers.Options.Name}\"", mailers.Place);
        }

        foreach (var tiers in model.Tiers)
        {
            Add($"tiers \"{tiers.Options.Name}\"", tiers.Place);
            foreach (var (tier, place) in tiers.Places)
            {
                Add($"tiers \"{tiers.Options.Name}\"{Deeper}tier \"{tier.Name}\"", place);
            }
        }

        if (model.Metering is { } metering)
        {
            Add("metering", metering.Place);
            AddMeters("metering", metering.Places);
        }

        foreach (var ((kind, name), place) in model.Auxiliary.Where(static a => a.Key.Kind == Section.HttpErrors))
        {
            Add($"error section \"{name}\"", place);
        }
    }

    /// <summary>A fault of the options as an alert about its line; about none where it comes from no line.</summary>
    public Diagnostic Find(DiagnosticSeverity severity, string fault)
    {
        if (TrySplit(fault, out var place, out var text))
        {
            return new(severity, text, place.File, place.Line, 0);
        }

        var found = default(Place);
        for (var end = NextEnd(fault, 0); end >= 0; end = NextEnd(fault, end + 1))
        {
            found = _places.TryGetValue(fault[..end], out var inner) ? inner : found;
        }

        return new(severity, fault, found.File ?? "", found.Line, 0);
    }

    private static int NextEnd(string fault, int start)
    {
        var deeper = fault.IndexOf(Deeper, start, StringComparison.Ordinal);
        var text = fault.IndexOf(Text, start, StringComparison.Ordinal);
        return deeper < 0 || (text >= 0 && text < deeper) ? text : deeper;
    }

    /// <summary>Rules say themselves where they stand: <c>gateway.cfg:12: unable to find ...</c>.</summary>
    private bool TrySplit(string fault, out Place place, out string text)
    {
        for (var end = fault.IndexOf(Text, StringComparison.Ordinal); end >= 0; end = fault.IndexOf(Text, end + 1, StringComparison.Ordinal))
        {
            var colon = end == 0 ? -1 : fault.LastIndexOf(':', end - 1);
            if (colon > 0 && int.TryParse(fault.AsSpan(colon + 1, end - colon - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
                && _files.Contains(fault[..colon]))
            {
                (place, text) = (new Place(fault[..colon], line), fault[(end + Text.Length)..]);
                return true;
            }
        }

        (place, text) = (default, fault);
        return false;
    }

    private void Add(ProxySection proxy, string path)
    {
        Add(path, proxy.Place);
        _files.UnionWith(proxy.Settings.Places.Values.Select(static p => p.File));
        foreach (var (property, keyword) in Options)
        {
            if (proxy.Settings.Places.TryGetValue(keyword, out var place))
            {
                Add(path + Deeper + property, place);
            }
        }

        foreach (var (index, (_, place)) in proxy.Settings.ErrorPages.Index())
        {
            Add($"{path}{Deeper}error page {index + 1}", place);
        }

        foreach (var (name, places) in proxy.Rules.Acls.Places)
        {
            Add($"{path}{Deeper}ACL \"{name}\"", places[0]);
            foreach (var (index, place) in places.Index())
            {
                Add(FormattableString.Invariant($"{path}{Deeper}ACL \"{name}\"{Deeper}term {index + 1}"), place);
            }
        }

        var position = 0;
        foreach (var bind in proxy.Binds)
        {
            foreach (var _ in bind.Addresses)
            {
                position++;
                Add($"{path}{Deeper}bind \"{bind.Name ?? position.ToString(CultureInfo.InvariantCulture)}\"", bind.Place);
            }
        }
    }

    private void AddFront(ProxySection proxy, string path, ConfigModel model)
    {
        Add(proxy, path);
        AddMeters(path, proxy.MeterPlaces);
        if (proxy.Meters is [var meter, ..])
        {
            Add(path + Deeper + nameof(FrontendOptions.Meters), proxy.MeterPlaces[meter]);
        }

        if (proxy.Authentication is not { } use || model.Authentications.Find(a => a.Name == use.Name) is not { } section)
        {
            return;
        }

        path = $"{path}{Deeper}{nameof(FrontendOptions.Authentication)}{Deeper}";
        foreach (var (index, (_, place)) in section.Schemes.Index())
        {
            Add($"{path}scheme {index + 1}", place);
        }

        foreach (var (index, place) in section.Requirements.Index())
        {
            Add($"{path}requirement {index + 1}", place);
        }
    }

    private void AddUsers(UserListSection list)
    {
        foreach (var (part, place) in list.Places)
        {
            Add($"user list \"{list.Options.Name}\"{Deeper}{(part is UserOptions user ? $"user \"{user.Name}\"" : $"group \"{((UserGroupOptions)part).Name}\"")}", place); // the two that there are
        }
    }

    private void AddMeters(string path, Dictionary<MeterOptions, Place> meters)
    {
        foreach (var (meter, place) in meters)
        {
            Add($"{path}{Deeper}meter \"{meter.Name}\"", place);
        }
    }

    private void AddBack(ProxySection proxy, string path)
    {
        Add(proxy, path);
        if (proxy.Settings.EmailAlert is { } alert)
        {
            Add($"{path}{Deeper}EmailAlert", alert.Place);
        }

        foreach (var server in proxy.Servers)
        {
            Add($"{path}{Deeper}server \"{server.Name}\"", server.Place);
        }

        Add($"stick table \"{proxy.Name}\"", proxy.Settings.Places.GetValueOrDefault("stick-table", proxy.Place));
    }

    private void Add(string path, Place place)
    {
        _places[path] = place;
        _files.Add(place.File);
    }
}
