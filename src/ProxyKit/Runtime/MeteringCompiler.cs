using ProxyKit.Frontends;
using ProxyKit.Metering;

namespace ProxyKit.Runtime;

/// <summary>Makes ready how frontends write down what is used.</summary>
internal sealed class MeteringCompiler(MeteringOptions options, RuleSetBuilder rules, UsageRecorder? recorder)
{
    /// <summary>That of a frontend, called after its rules; null where it is not metered, or not to be served.</summary>
    public FrontendMetering? Compile(FrontendOptions frontend)
    {
        if (!frontend.IsMetered)
        {
            return null;
        }

        var path = rules.Root.In("metering");
        var common = path with { Faults = [] }; // the same for all frontends, so told once
        var client = rules.BuildRequestValue(options.Client, common.In(nameof(options.Client)));
        var tier = rules.BuildRequestValue(options.Tier, common.In(nameof(options.Tier)));
        var route = rules.BuildRequestValue(options.Route, common.In(nameof(options.Route)));
        var meters = options.Meters.Select(m => Compile(m, common))
            .Concat(frontend.Meters.Select(m => Compile(m, rules.Root.In("frontend", frontend.Name, 0)))).ToArray();
        path.Faults.AddRange(common.Faults.Except(path.Faults).ToList());
        return recorder is null ? null : new FrontendMetering(recorder, options.Durability, client, tier, route, meters);
    }

    private FrontendMeter Compile(MeterOptions meter, FaultPath path)
    {
        var asksRequest = true;
        var quantity = meter.Quantity is { } expression
            ? rules.BuildEitherValue(expression, path.In("meter", meter.Name, 0).In(nameof(meter.Quantity)), out asksRequest)
            : null;
        return new FrontendMeter(meter.Name, quantity, asksRequest, meter.Measure ?? (static _ => 0)); // asked for where there is no expression
    }
}
