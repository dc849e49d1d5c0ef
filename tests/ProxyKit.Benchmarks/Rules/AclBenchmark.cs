using BenchmarkDotNet.Attributes;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Benchmarks.Rules;

/// <summary>What comparing a value with patterns costs, by their number; the value matches the last one.</summary>
[MemoryDiagnoser]
public class AclBenchmark
{
    private readonly RuleContext _context = new();
    private readonly string _map = Path.GetTempFileName();

    private Condition _exact = Match.Always, _ignoringCase = Match.Always, _prefix = Match.Always, _suffix = Match.Always,
        _substring = Match.Always, _pathPart = Match.Always, _regex = Match.Always, _network = Match.Always, _range = Match.Always;

    private Condition _noSubstring = Match.Always, _noRegex = Match.Always;
    private CompiledExpression? _lookup, _prefixLookup, _networkLookup;

    [Params(10, 1_000, 100_000)]
    public int Patterns { get; set; }

    [GlobalSetup]
    public void Build()
    {
        var last = Patterns - 1;
        _exact = That($"/api/p{last}/items", MatchMethod.Exact, i => $"/api/p{i}/items");
        _ignoringCase = That($"/API/p{last}/items", MatchMethod.Exact, i => $"/api/p{i}/items", ignoreCase: true);
        _prefix = That($"/api/p{last}/items/42", MatchMethod.Prefix, i => $"/api/p{i}/");
        _suffix = That($"/static/file-{last}.js", MatchMethod.Suffix, i => $"-{i}.js");
        _substring = That($"Mozilla/5.0 (compatible; bot{last}z/2.1)", MatchMethod.Substring, i => $"bot{i}z");
        _noSubstring = That("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120", MatchMethod.Substring, i => $"bot{i}z");
        _pathPart = That($"/api/p{last}/items", MatchMethod.PathPart, i => $"p{i}");
        _network = That(Network(last), MatchMethod.Address, i => Network(i) + "/28");
        _range = That($"{(last * 10) + 5}", MatchMethod.Integer, i => $"{i * 10}:{(i * 10) + 8}");
        var expressions = Math.Min(Patterns, 1_000); // of which nobody has more
        _regex = That($"/api/p{expressions - 1}/items/42", MatchMethod.Regex, i => $"^/api/p{i}/[a-z]+/[0-9]+$", count: expressions);
        _noRegex = That("/somewhere/else", MatchMethod.Regex, i => $"^/api/p{i}/[a-z]+/[0-9]+$", count: expressions);

        File.WriteAllLines(_map, Each(Patterns, i => $"/api/p{i} backend-{i}"));
        _lookup = Expression($"/api/p{last},map({_map})");
        _prefixLookup = Expression($"/api/p{last}/items,map_beg({_map})");
        File.WriteAllLines(_map, Each(Patterns, i => $"{Network(i)}/28 backend-{i}"));
        _networkLookup = Expression($"{Network(last)},map_ip({_map})");
    }

    [GlobalCleanup]
    public void Delete() => File.Delete(_map);

    [Benchmark(Baseline = true)]
    public bool Exact() => Holds(_exact);

    [Benchmark]
    public bool Exact_in_any_case() => Holds(_ignoringCase);

    [Benchmark]
    public bool Prefix() => Holds(_prefix);

    [Benchmark]
    public bool Suffix() => Holds(_suffix);

    [Benchmark]
    public bool Substring() => Holds(_substring);

    [Benchmark]
    public bool Substring_that_is_not_there() => Holds(_noSubstring);

    [Benchmark]
    public bool Path_part() => Holds(_pathPart);

    [Benchmark]
    public bool Address_in_a_network() => Holds(_network);

    [Benchmark]
    public bool Number_in_a_range() => Holds(_range);

    [Benchmark]
    public bool Regex_of_up_to_1000() => Holds(_regex);

    [Benchmark]
    public bool Regex_of_up_to_1000_that_is_not_there() => Holds(_noRegex);

    [Benchmark]
    public int Map() => Length(_lookup!);

    [Benchmark]
    public int Map_by_prefix() => Length(_prefixLookup!);

    [Benchmark]
    public int Map_by_network() => Length(_networkLookup!);

    private static string Network(int i) => $"10.{(i >> 12) & 255}.{(i >> 4) & 255}.{(i & 15) << 4}";

    private static IEnumerable<string> Each(int count, Func<int, string> pattern) => Enumerable.Range(0, count).Select(pattern);

    private static CompiledExpression Expression(string text)
    {
        var language = new RuleLanguage();
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var value = System.Text.Encoding.ASCII.GetBytes(text[..comma]);
        language.Add(new FetchKeyword
        {
            Name = "value",
            Type = SampleType.String,
            Create = _ => (_, ref sample) => sample.SetString(value),
        });
        return Value.Parse("value" + text[comma..], language).Compile(new());
    }

    private Condition That(string value, MatchMethod method, Func<int, string> pattern, bool ignoreCase = false, int? count = null)
    {
        var language = new RuleLanguage();
        var bytes = System.Text.Encoding.ASCII.GetBytes(value);
        language.Add(new FetchKeyword
        {
            Name = "value",
            Type = SampleType.String,
            Create = _ => (_, ref sample) => sample.SetString(bytes),
        });
        var options = new MatchOptions { Method = method, IgnoreCase = ignoreCase, NoDns = true };
        var condition = Match.That(Value.Parse("value", language), options, [.. Each(count ?? Patterns, pattern)]).Compile(new());
        return condition;
    }

    private bool Holds(Condition condition)
    {
        _context.Scratch.Reset();
        return condition.Evaluate(_context) == Truth.True;
    }

    private int Length(CompiledExpression expression)
    {
        _context.Scratch.Reset();
        return expression.Text(_context).Length;
    }
}
