using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ProxyKit.Statistics;

namespace ProxyKit.Tests.Statistics;

/// <summary>What docs/statistics.md says, held against the code: properties, HAProxy's names, and instruments.</summary>
public sealed partial class StatisticsDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "statistics.md"));
    private static readonly XDocument Comments = XDocument.Load(Path.ChangeExtension(typeof(Proxy).Assembly.Location, "xml"));

    public static TheoryData<Type> Tables =>
        [typeof(ProcessStatistics), typeof(FrontendStatistics), typeof(ListenerStatistics), typeof(BackendStatistics), typeof(ServerStatistics)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_has_every_property_in_the_code_s_order(Type statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);

        Assert.Equal(Properties(statistics).Select(static p => p.Name), RowsOf(statistics).Select(static r => r[0]));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_names_what_HAProxy_does(Type statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);

        Assert.Equal(
            Properties(statistics).Select(p => $"{p.Name}: {string.Join(", ", NamesIn($"P:{p.DeclaringType}.{p.Name}"))}"),
            RowsOf(statistics).Select(static r => $"{r[0]}: {string.Join(", ", r[2..4].Where(static name => name.Length > 0))}"));
    }

    [Fact]
    public void Parts_of_the_times_are_named_as_HAProxy_names_them()
    {
        var parameters = Comments.Descendants("member").Single(static m => m.Attribute("name")?.Value == "T:ProxyKit.Statistics.TimeStatistics")
            .Elements("param").Select(static p => $"{p.Attribute("name")?.Value}: {string.Join(", ", NamesOf(p.Value, p))}");

        Assert.Equal(parameters, Rows(Page.Split("`Times`, of backends")[1].Split("`Responses` has")[0]).Select(static r => $"{r[0]}: {r[2]}, {r[3]}"));
    }

    [Fact]
    public void Page_has_every_instrument_and_no_other()
    {
        var published = new List<string>();
        using var factory = new OwnMeters();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == factory)
                {
                    published.Add(instrument.Name);
                }
            },
        };
        listener.Start();
        using var meters = new ProxyMeters(factory);
        var times = Rows(Page.Split("`Times`, of backends")[1].Split("`Responses` has")[0]).Select(static r => r[4]).ToArray();
        var named = Instrument().Matches(Page).Select(static m => m.Value.Trim('`'))
            .Concat(times.SelectMany(static name => new[] { $"proxykit.backend.{name}", $"proxykit.server.{name}" }));

        Assert.Equal(published.Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`proxykit\\.[a-z_.]+`")]
    private static partial Regex Instrument();

    /// <summary>Its own first, then what it has in common with others.</summary>
    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Concat(type.BaseType is { } shared && shared != typeof(object) && shared != typeof(ValueType) ? Properties(shared) : []);

    private static IEnumerable<string[]> RowsOf(Type type) => Rows(Page.Split($"### {type.Name}\n")[1].Split("\n### ")[0].Split("\n`Times`, of")[0]);

    private static IEnumerable<string[]> Rows(string text) => text.Split('\n')
        .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim().Trim('`')).ToArray());

    private static IEnumerable<string> NamesIn(string member) => Comments.Descendants("member")
        .Single(m => m.Attribute("name")?.Value == member).Elements("summary").SelectMany(static s => NamesOf(s.Value, s));

    /// <summary>The names behind "HAProxy:".</summary>
    private static IEnumerable<string> NamesOf(string text, XElement comment) => comment.Elements("c")
        .Where(c => c.NodesBeforeSelf().OfType<XText>().Any(static t => t.Value.Contains("HAProxy: ", StringComparison.Ordinal)) && text.Length > 0)
        .Select(static c => c.Value);

    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            return new Meter(options);
        }

        public void Dispose()
        {
        }
    }
}
