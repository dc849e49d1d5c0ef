using System.Reflection;
using System.Text.RegularExpressions;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;

namespace ProxyKit.Tests.Exchanges;

/// <summary>What docs/life-of-a-request.md and docs/termination-states.md say, held against the code.</summary>
public sealed partial class ExchangeDocumentTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly string Life = File.ReadAllText(RepositoryTree.PathOf("docs", "life-of-a-request.md"));
    private static readonly string States = File.ReadAllText(RepositoryTree.PathOf("docs", "termination-states.md"));

    [Fact]
    public void The_boxes_of_the_diagram_are_methods()
    {
        var diagram = Life.Split("```")[1];
        var methods = typeof(ServedExchange).GetMethods(Any).Select(m => m.Name)
            .Concat(typeof(Session).GetMethods(Any).Select(m => $"Session.{m.Name}"))
            .Concat(typeof(Listener).GetMethods(Any).Select(m => $"Listener.{m.Name}"))
            .ToHashSet();

        var boxes = Box().Matches(diagram).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(23, boxes.Count);
        Assert.Empty(boxes.Except(methods));
    }

    [Fact]
    public void Causes_have_the_letters_of_the_page() => Assert.All(
        Enum.GetValues<TerminationCause>(),
        cause => Assert.Contains($"| `{new Termination(cause, ExchangePhase.Complete).CauseLetter}` | `{cause}` |", States, StringComparison.Ordinal));

    [Fact]
    public void Phases_have_the_letters_of_the_page() => Assert.All(
        Enum.GetValues<ExchangePhase>(),
        phase =>
        {
            Assert.Contains($"`{phase}`", States, StringComparison.Ordinal);
            Assert.Contains($"`{new Termination(TerminationCause.None, phase).PhaseLetter}`", States, StringComparison.Ordinal);
        });

    [Fact]
    public void States_have_the_statuses_of_the_page()
    {
        var terminations = (
            from cause in Enum.GetValues<TerminationCause>()
            from phase in Enum.GetValues<ExchangePhase>()
            select new Termination(cause, phase)).ToDictionary(t => t.ToString(), t => t.Status);

        var rows = StateRow().Matches(States);

        Assert.Equal(16, rows.Count);
        Assert.All(rows, row =>
        {
            var expected = terminations[row.Groups[1].Value];
            Assert.StartsWith(expected == 0 ? "-1" : $"{expected}", row.Groups[2].Value); // where nothing is sent, the log has -1
        });
    }

    /// <summary>A name in a box: behind a line of the drawing, a number, or at the start.</summary>
    [GeneratedRegex(@"^[│┌─ \d]*((?:Session\.|Listener\.)?[A-Z]\w+)(?= )", RegexOptions.Multiline)]
    private static partial Regex Box();

    /// <summary>A row with one state and a status of its own.</summary>
    [GeneratedRegex(@"^\| `([CcSsPRI][RQCHD])` \| (-?\d[^|]*?) \|", RegexOptions.Multiline)]
    private static partial Regex StateRow();
}
