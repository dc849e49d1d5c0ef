using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>What a table says of any key: <c>req.hdr(x-token),table_http_req_rate(tokens)</c>.</summary>
internal static class StickConverters
{
    private static readonly KeywordArgument Table = new("table", ArgumentKind.Table, IsOptional: true);
    private static readonly KeywordArgument Index = new("index", ArgumentKind.Integer);
    private static readonly KeywordArgument Default = new("default", ArgumentKind.Integer, IsOptional: true);

    public static IEnumerable<ConverterKeyword> All => StickValue.All.Select(Of).Concat(
    [
        Converter("in_table", [Table], IsIn, SampleType.Boolean),
        Converter("table_expire", [Table, Default], use => Time(use, static (table, entry) => table.ExpiresIn(entry))),
        Converter("table_idle", [Table, Default], use => Time(use, static (table, entry) => table.IdleFor(entry))),
        Converter("table_trackers", [Table], use => Time(use, static (_, entry) => entry.Uses, absent: 0)),
        Converter("table_server_id", [Table], use => Apply(new StickValue("server_id", StickDataType.ServerId), use)),
    ]);

    private static ConverterKeyword Of(StickValue value)
    {
        var name = value.Suffix.StartsWith("get_", StringComparison.Ordinal) ? value.Suffix["get_".Length..] : value.Suffix;
        return Converter($"table_{name}", value.IsArray ? [Index, Table] : [Table], use => Apply(value, use));
    }

    private static ConverterKeyword Converter(
        string name, KeywordArgument[] arguments, Func<KeywordUse, SampleConverter> create, SampleType output = SampleType.Integer) =>
        new() { Name = name, Input = SampleType.Any, Output = output, Arguments = arguments, Create = create };

    private static SampleConverter Apply(StickValue value, KeywordUse use)
    {
        var index = value.IsArray ? StickArguments.NumberAt(use, 0) : 0;
        var table = use.Compiler.TableFor(use.Arguments.Text(value.IsArray ? 1 : 0));
        return (context, ref sample) =>
            StickKeys.TryMake(context, ref sample, table, out var key) && value.TryApply(table, key, index, ref sample);
    }

    private static SampleConverter IsIn(KeywordUse use)
    {
        var table = use.Compiler.TableFor(use.Arguments.Text(0));
        return (context, ref sample) =>
        {
            var isIn = StickKeys.TryMake(context, ref sample, table, out var key) && table.TryFind(key, out var entry) && Leave(entry);
            return sample.Set(isIn);
        };
    }

    private static SampleConverter Time(KeywordUse use, Func<StickTable, StickEntry, long> read, long? absent = null)
    {
        var table = use.Compiler.TableFor(use.Arguments.Text(0));
        var fallback = use.Arguments.IsGiven(1) ? use.Arguments.Integer(1) : absent;
        return (context, ref sample) =>
        {
            if (!StickKeys.TryMake(context, ref sample, table, out var key))
            {
                return false;
            }

            if (!table.TryFind(key, out var entry))
            {
                return fallback is { } value && sample.Set(value);
            }

            sample.Set(read(table, entry));
            return Leave(entry);
        };
    }

    private static bool Leave(StickEntry entry)
    {
        entry.Leave();
        return true;
    }
}
