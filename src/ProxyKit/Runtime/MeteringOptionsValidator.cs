using ProxyKit.Metering;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with how usage is written down.</summary>
internal static class MeteringOptionsValidator
{
    public static void Validate(ProxyOptions options, FaultPath root)
    {
        if (options.Metering is not { } metering)
        {
            foreach (var (index, frontend) in options.Frontends.Index())
            {
                if (frontend is { Meters.Count: > 0 })
                {
                    root.In("frontend", frontend.Name, index + 1).Add(nameof(frontend.Meters), $"{nameof(options.Metering)} does not say where they are kept");
                }
            }

            return;
        }

        var path = root.In("metering");
        path.CheckDefined(nameof(metering.Durability), metering.Durability);
        if (string.IsNullOrEmpty(metering.JournalPath) == metering.Store is null)
        {
            path.Add(nameof(metering.JournalPath), $"either it or {nameof(metering.Store)} is needed, and not both");
        }
        else if (metering.JournalPath is { } journal && journal.Contains('\0', StringComparison.Ordinal))
        {
            path.Add(nameof(metering.JournalPath), $"{FaultPath.Quote(journal)} is no folder");
        }

        if (metering.Client is null)
        {
            path.Add(nameof(metering.Client), "is needed: whose usage it is");
        }

        foreach (var (property, fault) in metering.Journal.Faults())
        {
            path.In(nameof(metering.Journal)).Add(property, fault);
        }

        ValidateMeters(metering.Meters, metering.Meters, path);
        foreach (var (index, frontend) in options.Frontends.Index())
        {
            if (frontend is not null)
            {
                var place = root.In("frontend", frontend.Name, index + 1);
                ValidateMeters(frontend.Meters, metering.Meters.Concat(frontend.Meters), place);
                if (!frontend.IsMetered && frontend.Meters.Count > 0)
                {
                    place.Add(nameof(frontend.Meters), $"count nothing, since {nameof(frontend.IsMetered)} is false");
                }

                if (frontend.IsMetered && frontend.Mode != ProxyMode.Http)
                {
                    place.Add(nameof(frontend.IsMetered), "connections in TCP mode are not metered; say false, or 'unmetered' in haproxy.cfg");
                }
            }
        }
    }

    /// <param name="meters">The meters to look at.</param>
    /// <param name="all">Those that they count beside, themselves included.</param>
    /// <param name="path">The way to them.</param>
    private static void ValidateMeters(IList<MeterOptions> meters, IEnumerable<MeterOptions> all, FaultPath path)
    {
        foreach (var (meter, position) in path.Elements(nameof(MeteringOptions.Meters), meters))
        {
            var place = path.In("meter", meter.Name, position);
            place.CheckName(meter.Name);
            if (meter.Name is { } name && (name.Length > UsageRecord.MaxMeterName || name.Any(static c => c is > '~' or '\\')))
            {
                place.Add(nameof(meter.Name), $"is longer than {UsageRecord.MaxMeterName} characters, not ASCII, or has a backslash");
            }

            if (meter.Name is { } taken && UsageMeters.IsBuiltIn(taken))
            {
                place.Add(nameof(meter.Name), "is counted for every request already");
            }

            if (meter.Quantity is null == meter.Measure is null)
            {
                place.Add(nameof(meter.Quantity), $"either it or {nameof(meter.Measure)} is needed, and not both");
            }
        }

        if (meters.Count > 0)
        {
            path.CheckUnique(nameof(MeteringOptions.Meters), all.Select(static m => m?.Name));
            if (all.Count() > UsageRecord.MaxMeters)
            {
                path.Add(nameof(MeteringOptions.Meters), $"there are {all.Count()}; {UsageRecord.MaxMeters} is the most that a request counts for");
            }
        }
    }
}
