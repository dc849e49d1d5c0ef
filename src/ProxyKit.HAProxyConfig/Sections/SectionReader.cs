using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Runs the lines of a section: finds the keyword, counts its arguments, does what its state says.</summary>
internal sealed class SectionReader(ConfigReader reader)
{
    /// <summary>What says where requests go, or who gets in: nobody writes such a line to have nothing come of it.</summary>
    private static readonly string[] NeverIgnored =
        ["default-server", "server", "server-template", "tcp-request connection", "tcp-request session", "tcp-response content", "tcp-response inspect-delay", "use-server"];

    private readonly HashSet<string> _noticed = new(StringComparer.Ordinal);

    private DiagnosticList Diagnostics => reader.Diagnostics;

    /// <summary>Runs a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="section">The kind of section it stands in.</param>
    /// <param name="word">The section's keyword, for messages.</param>
    /// <param name="target">What the section is about.</param>
    public void Run(ConfigLine line, Section section, string word, object? target)
    {
        reader.Model.AsksAclsByName |= line.Words.Any(static w => w.Text.Contains("acl(", StringComparison.Ordinal) || w.Text.Contains("(acl", StringComparison.Ordinal));
        var start = line.Words[0].Text is "no" or "default" && line.Words.Count > 1 ? 1 : 0;
        var first = line.Words[start].Text;
        var second = start + 1 < line.Words.Count ? line.Words[start + 1].Text : null;
        if ((KeywordTable.Find(first, second, section) ?? FindWithBrackets(first, second, section)) is not { } keyword)
        {
            Unknown(line, start, section, word, target);
            return;
        }

        if (start > 0 && !keyword.HasNegation)
        {
            Diagnostics.Alert(
                line.PlaceOf(0),
                first == "option"
                    ? $"negation/default is not supported for option '{second}'."
                    : $"negation or default currently supported only for options, log and the like (got '{keyword.Name}').");
            return;
        }

        if (UnsupportedSections.Contain(section))
        {
            return; // its head has said that nothing of it is there
        }

        var words = keyword.Name.Contains(' ', StringComparison.Ordinal) ? 2 : 1;
        Run(keyword, new Statement(reader, line, keyword, start + words, line.Words.Count - start - words)
        {
            IsNegated = start > 0,
            Target = target,
        });
    }

    /// <summary>Runs what follows an address in a line: parameters, each with as many arguments as it takes.</summary>
    /// <param name="line">The line.</param>
    /// <param name="index">The first parameter.</param>
    /// <param name="section">Whose parameters they are.</param>
    /// <param name="target">What the line is about.</param>
    public void RunParameters(ConfigLine line, int index, Section section, object target)
    {
        while (index < line.Words.Count)
        {
            var text = line.Words[index].Text;
            var bracket = text.IndexOf('(', StringComparison.Ordinal);
            if (KeywordTable.Find(bracket > 0 ? text[..bracket] : text, null, section) is not { } keyword)
            {
                var line0 = line.Words[0].Text;
                Diagnostics.Alert(
                    line.PlaceOf(index),
                    $"'{line0}{(line.Words.Count > 1 ? $" {line.Words[1].Text}" : "")}' : unknown keyword '{text}'{KeywordTable.Suggest(text, section)}");
                return; // what follows may be its arguments
            }

            var count = Math.Min(keyword.MostArguments, line.Words.Count - index - 1);
            // An empty argument is none, as in HAProxy: a variable that is not set has named nothing. Formats may be empty, and
            // those that take one have brackets.
            var given = count > 0 && keyword.FewestArguments > 0 && bracket < 0 && line.Words[index + 1].Text.Length == 0 ? 0 : count;
            Run(keyword, new Statement(reader, line, keyword, index + 1, given) { Target = target });
            index += 1 + count;
        }
    }

    private void Run(Keyword keyword, Statement statement)
    {
        switch (keyword.State)
        {
            case KeywordState.Refused when statement.IsNegated:
                return; // what is not there is off
            case KeywordState.Refused:
                statement.Alert($"'{keyword.Name}' is not supported yet{(keyword.Note is null ? "" : $": {keyword.Note}")}.");
                return;
            case KeywordState.Accepted:
                var isDone = keyword.Run is not null; // in a way of our own; "no" before it is as in HAProxy
                if (!(isDone && statement.IsNegated) && _noticed.Add(keyword.Name))
                {
                    Diagnostics.Notice(statement.Place, $"'{keyword.Name}' {(isDone ? "works otherwise" : "has no effect")} here: {keyword.Note}.");
                }

                if (keyword.Run is null)
                {
                    return;
                }

                break;
        }

        if (!statement.IsNegated && statement.Count < keyword.FewestArguments)
        {
            statement.Alert($"'{keyword.Name}' expects {keyword.Arguments}.");
        }
        else if (statement.Count > keyword.MostArguments)
        {
            statement.Alert(
                keyword.MostArguments,
                keyword.HoldsSecret
                    ? $"'{keyword.Name}' cannot handle unexpected arguments; a secret with blanks in it stands in quotes."
                    : $"'{keyword.Name}' cannot handle unexpected argument '{statement[keyword.MostArguments]}'.");
        }
        else
        {
            if (statement.Target is ProxySection proxy)
            {
                proxy.Settings.Places[keyword.Name] = statement.Place;
            }

            keyword.Run!(statement); // those that run have it
        }
    }

    /// <summary>The keyword of two words that takes something in brackets: <c>http-check set-var(check.a)</c>.</summary>
    private static Keyword? FindWithBrackets(string first, string? second, Section section) =>
        second is not null && second.IndexOf('(', StringComparison.Ordinal) is var open and > 0 && KeywordTable.Find(first, second[..open], section) is { TakesBrackets: true } found
            ? found
            : null;

    private void Unknown(ConfigLine line, int start, Section section, string word, object? target)
    {
        var first = line.Words[start].Text;
        var second = start + 1 < line.Words.Count ? line.Words[start + 1].Text : null;
        var place = line.PlaceOf(start);
        if (target is ProxySection proxy && KeywordTable.Find(first, second, Section.Proxies) is { } elsewhere)
        {
            if (proxy.Kind == ProxyKind.Defaults)
            {
                Diagnostics.Alert(place, $"'{elsewhere.Name}' not allowed in 'defaults' section.");
            }
            else
            {
                var isAllowed = !NeverIgnored.Contains(elsewhere.Name);
                Diagnostics.Add(
                    isAllowed ? DiagnosticSeverity.Warning : DiagnosticSeverity.Alert,
                    place,
                    $"'{elsewhere.Name}' {(isAllowed ? "ignored" : "not allowed")} because {proxy} has no {(proxy.HasFront ? "backend" : "frontend")} capability.");
            }
        }
        else if (KeywordTable.SecondWords(first, section) is { Count: > 0 } seconds)
        {
            var got = second ?? "";
            Diagnostics.Alert(
                second is null ? place : line.PlaceOf(start + 1),
                first == "option"
                    ? $"unknown option '{got}'{NearestName.Hint(got, seconds)}."
                    : $"'{first}' expects {string.Join(", ", seconds.Select(static s => $"'{s}'"))}, but got '{got}'{NearestName.Hint(got, seconds)}.");
        }
        else
        {
            Diagnostics.Alert(place, $"unknown keyword '{first}' in '{word}' section{KeywordTable.Suggest(first, section)}");
        }
    }
}
