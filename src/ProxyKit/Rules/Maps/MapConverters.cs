using System.Text;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Maps;

/// <summary>The converters that look a value up in a map: <c>map(file,default)</c>, <c>map_beg_int(file)</c>, <c>map_ip_key(file)</c>.</summary>
internal static class MapConverters
{
    private static readonly KeywordArgument File = new("file", ArgumentKind.File);

    public static IReadOnlyList<ConverterKeyword> All { get; } =
    [
        Keyword("map", new(MatchMethod.Exact), SampleType.String),
        .. Keywords("map_str", MatchMethod.Exact),
        .. Keywords("map_beg", MatchMethod.Prefix),
        .. Keywords("map_sub", MatchMethod.Substring),
        .. Keywords("map_dir", MatchMethod.PathPart),
        .. Keywords("map_dom", MatchMethod.DomainPart),
        .. Keywords("map_end", MatchMethod.Suffix),
        .. Keywords("map_reg", MatchMethod.Regex),
        .. Keywords("map_int", MatchMethod.Integer),
        .. Keywords("map_ip", MatchMethod.Address),
        Keyword("map_regm", new(MatchMethod.Regex), SampleType.String, expandsGroups: true),
    ];

    private static IEnumerable<ConverterKeyword> Keywords(string name, MatchMethod method)
    {
        var style = new PatternStyle(method);
        return
        [
            Keyword(name, style, SampleType.String),
            Keyword($"{name}_int", style, SampleType.Integer),
            Keyword($"{name}_ip", style, SampleType.Address),
            Keyword($"{name}_key", style, SampleType.String, givesKey: true),
        ];
    }

    private static ConverterKeyword Keyword(
        string name, PatternStyle style, SampleType output, bool expandsGroups = false, bool givesKey = false) => new()
        {
            Name = name,
            Input = MatchMethods.Compares(style.Method),
            Output = output,
            Arguments = givesKey ? [File] : [File, new("default", KindOf(output), IsOptional: true)],
            Create = use =>
            {
                var index = Open(use, name, style, givesKey ? SampleType.String : output);
                return givesKey ? new KeyLookup(index).TryConvert
                    : expandsGroups ? new GroupLookup(index, DefaultOf(use.Arguments, output)).TryConvert
                    : new MapLookup(index, output, DefaultOf(use.Arguments, output)).TryConvert;
            },
        };

    private static ArgumentKind KindOf(SampleType output) => output switch
    {
        SampleType.Integer => ArgumentKind.Integer,
        SampleType.Address => ArgumentKind.Address,
        _ => ArgumentKind.Text,
    };

    private static PatternIndex Open(KeywordUse use, string name, PatternStyle style, SampleType output)
    {
        try
        {
            var file = PatternFile.For(use.Compiler, use.Arguments.Text(0));
            file.Load(asMap: true);
            file.Require(output);
            return file.IndexFor(style);
        }
        catch (RuleFaultException e)
        {
            throw new RuleFaultException($"invalid args in converter '{name}' : {e.Message}", e);
        }
    }

    /// <summary>The default; null where there is none. An empty one is one where text comes out.</summary>
    private static PatternValue? DefaultOf(KeywordArguments arguments, SampleType output)
    {
        if (output == SampleType.String ? arguments.Count < 2 : !arguments.IsGiven(1))
        {
            return null;
        }

        var value = new PatternValue(Encoding.UTF8.GetBytes(arguments.Text(1)));
        return value.Is(output)
            ? value
            : throw new ArgumentException($"failed to parse '{arguments.Text(1)}' as type '{(output == SampleType.Integer ? "integer" : "address")}'");
    }
}
