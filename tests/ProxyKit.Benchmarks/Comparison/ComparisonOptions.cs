using System.Globalization;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>What the command line of <c>compare</c> asks for.</summary>
internal sealed record ComparisonOptions
{
    public const string Usage = """
        compare [--rows a,b] [--proxies x,y] [--rounds n] [--seconds n] [--warm-up n] [--out file]
          --rows      the rows to run; all by default; "compare --list" names them
          --proxies   haproxy, nginx, yarp (its quick start), yarp-tuned, proxykit, embedded (ProxyKit on the thread pool);
                      all by default, as far as they are installed
          --rounds    how often every proxy of a row takes its turn; 5 by default
          --seconds   how long a turn is; whole seconds; 5 by default
          --warm-up   how long a .NET proxy is loaded before its first turn; whole seconds; 15 by default
          --out       where the report goes, as .md and .json; results/comparison by default
        """;

    public IReadOnlyList<string>? Rows { get; init; }

    public IReadOnlyList<string>? Proxies { get; init; }

    public int Rounds { get; init; } = 5;

    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Until .NET has compiled its hot code for good, which under load on one core takes some ten seconds.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Without extension.</summary>
    public string Out { get; init; } = Path.Combine("results", "comparison");

    /// <exception cref="FormatException">With a message for the person at the keyboard.</exception>
    public static ComparisonOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new ComparisonOptions();
        for (; arguments.Length > 0; arguments = arguments[2..])
        {
            if (arguments.Length == 1)
                throw new FormatException($"{arguments[0]} is unknown or lacks its value.");
            var value = arguments[1];
            options = arguments[0] switch
            {
                "--rows" => options with { Rows = Names(value, ComparisonRows.All.Select(r => r.Name)) },
                "--proxies" => options with { Proxies = Names(value, ComparisonRows.Proxies.Select(p => p.Name)) },
                "--rounds" => options with { Rounds = Count(value) },
                "--seconds" => options with { Turn = TimeSpan.FromSeconds(Count(value)) },
                "--warm-up" => options with { WarmUp = TimeSpan.FromSeconds(Count(value)) },
                "--out" => options with { Out = Path.Combine(Path.GetDirectoryName(value) ?? "", Path.GetFileNameWithoutExtension(value)) },
                var unknown => throw new FormatException($"{unknown} is unknown."),
            };
        }
        return options;
    }

    private static string[] Names(string list, IEnumerable<string> known)
    {
        var names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var all = known.ToArray();
        return names.FirstOrDefault(name => !all.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? throw new FormatException($"'{unknown}' is none of {string.Join(", ", all)}.")
            : names;
    }

    private static int Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new FormatException($"'{value}' is no count.");
}
