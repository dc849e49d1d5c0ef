using System.Globalization;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>What the counters of tracked keys, and of the client's address, say: <c>sc_http_req_rate(0)</c>, <c>src_conn_cur</c>.</summary>
internal static class StickFetches
{
    private const int NumberedForms = 3; // sc0_ to sc2_; sc_x(n) reaches the others

    private static readonly KeywordArgument Number = new("counter", ArgumentKind.Integer);
    private static readonly KeywordArgument Index = new("index", ArgumentKind.Integer);
    private static readonly KeywordArgument Table = new("table", ArgumentKind.Table, IsOptional: true);

    public static IEnumerable<FetchKeyword> All => StickValue.All.SelectMany(Of).Concat(Others());

    private static IEnumerable<FetchKeyword> Of(StickValue value)
    {
        KeywordArgument[] index = value.IsArray ? [Index] : [];
        yield return Fetch(
            $"sc_{value.Suffix}", [.. index, Number, Table], use => Tracked(value, use, StickArguments.NumberAt(use, index.Length), index.Length + 1));
        yield return Fetch($"src_{value.Suffix}", [.. index, Table], use => OfSource(value, use, index.Length), RuleStages.OfClient);
        for (var number = 0; number < NumberedForms && (!value.IsArray || value.Suffix == "clr_gpc"); number++)
        {
            var fixedNumber = number;
            yield return Fetch(
                string.Create(CultureInfo.InvariantCulture, $"sc{number}_{value.Suffix}"),
                [.. index, Table],
                use => Tracked(value, use, fixedNumber, index.Length));
        }
    }

    private static IEnumerable<FetchKeyword> Others()
    {
        for (var form = -1; form < NumberedForms; form++)
        {
            var number = form;
            var prefix = number < 0 ? "sc_" : string.Create(CultureInfo.InvariantCulture, $"sc{number}_");
            KeywordArgument[] arguments = number < 0 ? [Number] : [];
            yield return Fetch($"{prefix}tracked", [.. arguments, Table], use => IsTracked(use, NumberOf(use)), type: SampleType.Boolean);
            yield return Fetch($"{prefix}trackers", [.. arguments, Table], use => Trackers(use, NumberOf(use)));
            yield return Fetch($"{prefix}key", arguments, use => Key(NumberOf(use)), type: SampleType.Any);

            int NumberOf(KeywordUse use) => number < 0 ? StickArguments.NumberAt(use, 0) : number;
        }

        yield return Fetch("src_updt_conn_cnt", [Table], UpdateConnections, RuleStages.OfClient);
        yield return Fetch("table_cnt", [Table], use => OfTable(use, static table => table.Used));
        yield return Fetch("table_avl", [Table], use => OfTable(use, static table => table.Available));
    }

    private static FetchKeyword Fetch(
        string name,
        KeywordArgument[] arguments,
        Func<KeywordUse, SampleFetch> create,
        RuleStages stages = RuleStages.Internal,
        SampleType type = SampleType.Integer) =>
        new() { Name = name, Type = type, Arguments = arguments, Create = create, Stages = stages };

    private static SampleFetch Tracked(StickValue value, KeywordUse use, int number, int tableArgument)
    {
        var index = value.IsArray ? StickArguments.NumberAt(use, 0) : 0;
        var other = OtherTable(use, tableArgument);
        return (context, ref sample) =>
        {
            if (!TryFindTracked(context, number, out var table, out var entry))
            {
                return false;
            }

            return other is null || other == table
                ? value.TryApply(table, entry, index, ref sample)
                : SameKeys(table, other) && value.TryApply(other, entry.Key, index, ref sample);
        };
    }

    private static SampleFetch OfSource(StickValue value, KeywordUse use, int tableArgument)
    {
        var index = value.IsArray ? StickArguments.NumberAt(use, 0) : 0;
        var table = use.Compiler.TableFor(use.Arguments.Text(tableArgument));
        return (context, ref sample) =>
            sample.Set(context.Source) && StickKeys.TryMake(context, ref sample, table, out var key)
            && value.TryApply(table, key, index, ref sample);
    }

    private static SampleFetch IsTracked(KeywordUse use, int number)
    {
        var other = OtherTable(use, use.Arguments.Count > 1 ? 1 : 0, onlyIfText: true);
        return (context, ref sample) =>
            sample.Set(TryFindTracked(context, number, out var table, out _) && (other is null || SameKeys(table, other)));
    }

    private static SampleFetch Trackers(KeywordUse use, int number)
    {
        var other = OtherTable(use, use.Arguments.Count > 1 ? 1 : 0, onlyIfText: true);
        return (context, ref sample) =>
        {
            if (!TryFindTracked(context, number, out var table, out var entry))
            {
                return false;
            }

            if (other is null || other == table)
            {
                return sample.Set((long)entry.Uses);
            }

            if (!SameKeys(table, other) || !other.TryFind(entry.Key, out var found))
            {
                return sample.Set(0L);
            }

            found.Leave();
            return sample.Set((long)found.Uses);
        };
    }

    private static SampleFetch Key(int number) => (context, ref sample) =>
        TryFindTracked(context, number, out var table, out var entry) && StickKeys.Read(table, entry.Key, ref sample);

    private static SampleFetch UpdateConnections(KeywordUse use)
    {
        var table = use.Compiler.TableFor(use.Arguments.Text(0));
        return (context, ref sample) =>
        {
            if (!sample.Set(context.Source) || !StickKeys.TryMake(context, ref sample, table, out var key)
                || !table.Layout.TryFind(StickDataType.Connections, 0, out var slot, out _) || !table.TryFindOrAdd(key, out var entry))
            {
                return false;
            }

            sample.Set(entry.AddValue(slot, 1));
            entry.Leave();
            return true;
        };
    }

    private static SampleFetch OfTable(KeywordUse use, Func<StickTable, int> read)
    {
        var table = use.Compiler.TableFor(use.Arguments.Text(0));
        return (context, ref sample) => sample.Set((long)read(table));
    }

    /// <summary>What the exchange tracks hides what its connection tracks by the same number.</summary>
    private static bool TryFindTracked(
        RuleContext context,
        int number,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StickTable? table,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StickEntry? entry) =>
        context.Counters.TryGet(number, out table, out entry) || context.Session.Counters.TryGet(number, out table, out entry);

    private static StickTable? OtherTable(KeywordUse use, int argument, bool onlyIfText = false)
    {
        var name = use.Arguments.Text(argument);
        return name.Length == 0 || (onlyIfText && long.TryParse(name, out _)) ? null : use.Compiler.TableFor(name);
    }

    private static bool SameKeys(StickTable one, StickTable other) => one.KeyType == other.KeyType && one.KeyLength == other.KeyLength;
}
