using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Tiers;

namespace ProxyKit.Exchanges;

/// <summary>What the tiers of a frontend ask of its exchanges: who is it, which tier has it, what does it cost. Immutable, with everything
/// resolved.</summary>
internal sealed class TierPolicy
{
    public required TierGroup Group { get; init; }

    public required TierPlans Plans { get; init; }

    public required TiersOptions Options { get; init; }

    /// <summary>What the user's source has said; null where there is none.</summary>
    public required AssignedTiers? Assigned { get; init; }

    /// <summary>The parts of the key.</summary>
    public required CompiledExpression[] CountBy { get; init; }

    public required CompiledExpression[] TierBy { get; init; }

    public required TierCost[] Costs { get; init; }

    public required CompiledExpression? ChargeBy { get; init; }

    /// <summary>The requests that are left alone; null for none.</summary>
    public required Condition? Unless { get; init; }

    /// <summary>The path at which clients are told what they have used; null for none.</summary>
    public required byte[]? UsagePath { get; init; }

    public required RuleList? WhenRefused { get; init; }

    public required RuleList? WhenUnknown { get; init; }

    public required byte[]? WarningHeader { get; init; }

    /// <summary>Whether a request is none of those that count.</summary>
    public bool LeavesAlone(RuleContext context) => Unless?.Evaluate(context) == Truth.True;

    /// <summary>Whether a client asks what it has used.</summary>
    public bool AsksForUsage(RequestHead request) =>
        UsagePath is { } path && request.Method is RequestMethod.Get or RequestMethod.Head && request.PathBytes.SequenceEqual(path);

    /// <summary>Finds the key of a request.</summary>
    /// <returns>False where it has none, and may not go without.</returns>
    public bool TryReadKey(RuleContext context, Admission admission)
    {
        if (CountBy.Length == 1)
        {
            var only = default(Sample);
            if (TryRead(CountBy[0], context, ref only))
            {
                TierKey.Set(admission, only.Bytes);
                return true;
            }

            return Options.MissingKey == MissingKey.CountTogether;
        }

        var key = Span<byte>.Empty;
        foreach (var part in CountBy)
        {
            var sample = default(Sample);
            if (!TryRead(part, context, ref sample))
            {
                return Options.MissingKey == MissingKey.CountTogether;
            }

            var longer = context.Scratch.Rent(key.Length + TierKey.LengthOf(sample.Bytes));
            key.CopyTo(longer);
            key = longer[..(key.Length + TierKey.Append(sample.Bytes, key.IsEmpty, longer[key.Length..]))];
        }

        TierKey.Set(admission, key);
        return true;
    }

    /// <summary>The tier that a request names; null for none of those that there are.</summary>
    public TierPlan? FindPlan(RuleContext context)
    {
        foreach (var by in TierBy)
        {
            var sample = default(Sample);
            if (TryRead(by, context, ref sample) && Plans.FindIn(sample.Bytes) is { } plan)
            {
                return plan;
            }
        }

        return null;
    }

    /// <summary>What a request says of its tier, for the source; empty for nothing.</summary>
    public ReadOnlySpan<byte> Claimed(RuleContext context)
    {
        foreach (var by in TierBy)
        {
            var sample = default(Sample);
            if (TryRead(by, context, ref sample))
            {
                return sample.Bytes;
            }
        }

        return default;
    }

    /// <summary>What a request costs, as far as is known before it is served.</summary>
    public long CostOf(RuleContext context)
    {
        foreach (var cost in Costs)
        {
            if (cost.When is not null && cost.When.Evaluate(context) != Truth.True)
            {
                continue;
            }

            var sample = default(Sample);
            return TierUnits.Clamp(cost.ByCode is { } code ? code(context.Exchange!) // tiers are about exchanges
                : cost.By?.TryEvaluate(context, SampleType.Integer, ref sample) == true ? sample.Integer
                : cost.Units);
        }

        return 1;
    }

    /// <summary>What a response says that its request has cost; null where it says nothing.</summary>
    public long? ChargeOf(RuleContext context)
    {
        context.ResetScratch();
        var sample = default(Sample);
        return ChargeBy?.TryEvaluate(context, SampleType.Integer, ref sample) == true ? TierUnits.Clamp(sample.Integer)
            : Options.ChargeByCode?.Invoke(context.Exchange!) is { } units ? TierUnits.Clamp(units) // tiers are about exchanges
            : null;
    }

    private static bool TryRead(CompiledExpression expression, RuleContext context, ref Sample sample) =>
        expression.TryEvaluate(context, ref sample)
        && (sample.Type == SampleType.Binary || SampleCasts.TryCast(context, ref sample, SampleType.String))
        && !sample.Bytes.IsEmpty;
}

/// <summary>What some requests cost.</summary>
/// <param name="When">Which; null for all.</param>
/// <param name="Units">How much.</param>
/// <param name="By">What tells how much; null for <paramref name="Units"/>.</param>
/// <param name="ByCode">A user's code that does.</param>
internal sealed record TierCost(Condition? When, long Units, CompiledExpression? By, Func<HttpExchange, long>? ByCode);
