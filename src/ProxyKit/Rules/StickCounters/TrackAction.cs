using System.Globalization;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Has a counter number track a key from here on: for the connection in the lists for new connections, for the exchange elsewhere.
/// HAProxy: <c>track-sc</c>.</summary>
internal sealed class TrackAction(int number, Expression key, string table) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Everywhere & ~(RulePhases.ResponseContent | RulePhases.AfterResponse);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"track-sc{number} {RuleWords.Value(key)}{(table.Length > 0 ? $" table {table}" : "")}");

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var stickTable = compiler.TableFor(table);
        var compiled = key.Compile(compiler);
        if (!SampleCasts.MayCast(key.Type, StickKeys.TypeOf(stickTable.KeyType)))
        {
            throw new RuleFaultException($"stick-table '{stickTable.Name}' uses a type incompatible with the 'track-sc{number}' rule");
        }

        var isOfSession = compiler.Phase is RulePhases.Connection or RulePhases.Session;
        return new CompiledAction(context =>
        {
            var counters = isOfSession ? context.Session.OwnCounters : context.Counters;
            var sample = default(Sample);
            if (!counters.TryGet(number, out _, out _) && compiled.TryEvaluate(context, ref sample)
                && StickKeys.TryMake(context, ref sample, stickTable, out var found) && stickTable.TryFindOrAdd(found, out var entry))
            {
                counters.Track(number, stickTable, entry);
                CountMessage(context, stickTable, entry);
            }

            return RuleOutcome.Next;
        });
    }

    /// <summary>The request that is under way counts at once, so that a condition right behind this sees it; so does what is known of the
    /// response.</summary>
    private static void CountMessage(RuleContext context, StickTable table, StickEntry entry)
    {
        if (context.Exchange is null)
        {
            return;
        }

        table.Count(entry, StickDataType.Requests, StickDataType.RequestRate);
        if (context is { IsInResponse: true, Response.Status: var status })
        {
            (context.Frontend?.Counting ?? ResponseCounting.Usual).Count(table, entry, status);
        }
    }
}
