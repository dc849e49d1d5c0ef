using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Rules.StickCounters;

namespace ProxyKit.Runtime;

/// <summary>Finds everything that is wrong with a configuration, so that it can be mended in one go. Opens no socket; reads the files of
/// certificates.</summary>
internal static class ProxyOptionsValidator
{
    /// <summary>Looks at all options.</summary>
    /// <returns>The faults, each with the way to it; empty when the configuration can be used.</returns>
    public static IReadOnlyList<string> Validate(ProxyOptions options)
    {
        var root = new FaultPath([], "");
        root.CheckRange(nameof(options.MaxConnections), options.MaxConnections, 1, int.MaxValue);
        root.CheckRange(nameof(options.MaxConnectionRate), options.MaxConnectionRate, 1, int.MaxValue - 1);
        root.CheckRange(nameof(options.MaxSessionRate), options.MaxSessionRate, 1, int.MaxValue - 1);
        root.CheckRange(nameof(options.MaxTlsConnections), options.MaxTlsConnections, 1, int.MaxValue);
        root.CheckRange(nameof(options.MaxTlsRate), options.MaxTlsRate, 1, int.MaxValue - 1);
        ValidateStatuses(nameof(options.ErrorStatuses), options.ErrorStatuses, root);
        ValidateStatuses(nameof(options.FailureStatuses), options.FailureStatuses, root);
        ValidateHeaderNames(options, root);
        ValidateNodeName(options, root);
        root.CheckTime(nameof(options.DrainTimeout), options.DrainTimeout);

        var backends = new Dictionary<string, BackendOptions>(StringComparer.Ordinal);
        foreach (var (backend, position) in root.Elements(nameof(options.Backends), options.Backends))
        {
            backends.TryAdd(backend.Name ?? "", backend);
            BackendOptionsValidator.Validate(backend, root.In("backend", backend.Name, position));
        }

        ResolversOptionsValidator.Validate(options, root);
        MailingOptionsValidator.Validate(options, root);
        ValidateChecks(options, root);
        root.CheckUnique(nameof(options.Backends), options.Backends.Select(static b => b?.Name));
        ValidateGuids(options, root);

        foreach (var (index, backend) in options.Backends.Index())
        {
            if (backend is not null)
            {
                CircuitBreakerOptionsValidator.ValidateFallbacks(backend, backends, root.In("backend", backend.Name, index + 1));
            }
        }

        foreach (var (table, position) in root.Elements(nameof(options.StickTables), options.StickTables))
        {
            StickTableOptionsValidator.Validate(table, root.In("stick table", table.Name, position));
        }

        root.CheckUnique(nameof(options.StickTables), options.StickTables.Select(static t => t?.Name));

        if (options.Frontends.Count == 0)
        {
            root.Add(nameof(options.Frontends), "there is none, so no client could arrive");
        }

        var servers = options.Backends.SelectMany(static b => b?.Servers ?? []).Select(static s => s?.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (tiers, position) in root.Elements(nameof(options.Tiers), options.Tiers))
        {
            TierOptionsValidator.Validate(tiers, root.In("tiers", tiers.Name, position));
            TierOptionsValidator.ValidateServers(tiers, servers, root.In("tiers", tiers.Name, position));
        }

        root.CheckUnique(nameof(options.Tiers), options.Tiers.Select(static t => t?.Name));
        var groups = options.Tiers.Select(static t => t?.Name).OfType<string>().ToArray();
        var frontends = new FrontendOptionsValidator(backends);
        foreach (var (frontend, position) in root.Elements(nameof(options.Frontends), options.Frontends))
        {
            frontends.Validate(frontend, root.In("frontend", frontend.Name, position));
            TierOptionsValidator.Validate(frontend, groups, root.In("frontend", frontend.Name, position));
        }

        UserListOptionsValidator.Validate(options, root);
        ErrorPageOptionsValidator.Validate(options, root);
        VariableOptionsValidator.Validate(options, root);
        root.CheckUnique(nameof(options.Frontends), options.Frontends.Select(static f => f?.Name));
        NumberValidator.Validate(options, root);
        MeteringOptionsValidator.Validate(options, root);
        return root.Faults;
    }

    private static void ValidateStatuses(string property, string? text, FaultPath root)
    {
        if (text is not null && StatusSet.Parse(text) is null)
        {
            root.Add(property, $"{FaultPath.Quote(text)} is no list of statuses from 100 to 599, as 400-428,430-499 is");
        }
    }

    /// <summary>It stands in a header field among others, which a semicolon would begin.</summary>
    private static void ValidateNodeName(ProxyOptions options, FaultPath root)
    {
        if (options.NodeName is { } name && (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')))
        {
            root.Add(nameof(options.NodeName), $"{FaultPath.Quote(name)} is no name of letters, digits, dots, hyphens and underscores");
        }
    }

    private static void ValidateHeaderNames(ProxyOptions options, FaultPath root)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, position) in root.Elements(nameof(options.HeaderNames), options.HeaderNames))
        {
            if (!LogOptionsValidator.IsFieldName(name))
            {
                root.Add(nameof(options.HeaderNames), $"{FaultPath.Quote(name)} ({position}) is no name of a header field");
            }
            else if (!seen.Add(name))
            {
                root.Add(nameof(options.HeaderNames), $"{FaultPath.Quote(name)} ({position}) is there already");
            }
        }
    }

    /// <summary>Each stands for one server, whatever backend that is in.</summary>
    private static void ValidateGuids(ProxyOptions options, FaultPath root)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, backend) in options.Backends.Index())
        {
            foreach (var (place, server) in (backend?.Servers ?? []).Index())
            {
                if (server?.Guid is { } guid && !owners.TryAdd(guid, $"{backend!.Name}/{server.Name}")) // a server is in one
                {
                    root.In("backend", backend.Name, index + 1).In("server", server.Name, place + 1)
                        .Add(nameof(server.Guid), $"{FaultPath.Quote(guid)} is that of {owners[guid]} already");
                }
            }
        }
    }

    private static void ValidateChecks(ProxyOptions options, FaultPath root)
    {
        root.CheckRange(nameof(options.CheckSpreadPercent), options.CheckSpreadPercent, 0, 50);
        root.CheckLimit(nameof(options.MaxCheckStartSpread), options.MaxCheckStartSpread);
        CheckOptionsValidator.ValidateTracking(options, root);
        foreach (var backend in options.Backends)
        {
            if (!options.AllowsExternalChecks && backend is not null
                && backend.Servers.Select(static s => s?.HealthCheck).Prepend(backend.HealthCheck).Any(static c => c is { Kind: HealthCheckKind.External }))
            {
                root.In("backend", backend.Name, 0).Add(nameof(backend.HealthCheck), $"programs are run only where {nameof(options.AllowsExternalChecks)} says so");
            }
        }
    }
}
