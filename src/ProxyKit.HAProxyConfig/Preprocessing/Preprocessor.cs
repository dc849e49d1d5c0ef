using System.Globalization;
using System.Text;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Preprocessing;

/// <summary>Hands out the lines of files that are to be run: those of conditional blocks only where their condition holds. Lines are read one by
/// one, since what a line sets in the environment counts from the next one on.</summary>
internal sealed class Preprocessor(ConfigVariables variables, ConditionFacts facts, DiagnosticList diagnostics, bool showsDiagnostics)
{
    private readonly LineLexer _lexer = new(variables);

    public IEnumerable<ConfigLine> Lines(ConfigFile file)
    {
        var blocks = new ConditionalBlocks(facts, variables, diagnostics);
        var text = Encoding.Latin1.GetString(file.Content); // a character for each byte
        var start = text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal) ? 3 : 0; // a byte order mark is no text
        var number = 0;
        while (start < text.Length && !diagnostics.HasMostAlerts)
        {
            number++;
            var end = text.IndexOf('\n', start);
            if (end < 0)
            {
                diagnostics.Narrow(
                    DiagnosticSeverity.Alert,
                    new Place(file.Name, number, text.Length - start + 1),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Missing LF on last line, file might have been truncated at position {text.Length - start + 1}."));
                end = text.Length;
            }

            var line = text[start..(end > start && text[end - 1] == '\r' ? end - 1 : end)];
            start = end + 1;
            if (Read(line, new Place(file.Name, number), blocks) is { } statement)
            {
                yield return statement;
            }
        }

        blocks.End(new Place(file.Name, number));
    }

    private ConfigLine? Read(string text, Place place, ConditionalBlocks blocks)
    {
        // Of what is not run only the words that may end it are looked at: what they stand in may be nonsense.
        if (blocks.Skips && !ConditionalBlocks.IsDirective(FirstWord(text)))
        {
            return null;
        }

        variables.Place = place;
        if (!_lexer.TryLex(text, out var words, out var fault))
        {
            diagnostics.Narrow(DiagnosticSeverity.Alert, place with { Column = fault.Position }, fault.Message);
            return null;
        }

        if (words.Count == 0)
        {
            return null;
        }

        var line = new ConfigLine(place.File, place.Line, words);
        if (words[0].Text.StartsWith('.') && words[0].Text is not "." && !words[0].Text.Contains('/', StringComparison.Ordinal))
        {
            RunDirective(line, blocks);
            return null;
        }

        return line;
    }

    private void RunDirective(ConfigLine line, ConditionalBlocks blocks)
    {
        if (blocks.TryRun(line))
        {
            return;
        }

        var text = line.Words.Count > 1 ? line.Words[1].Text : "";
        switch (line.Words[0].Text)
        {
            case (".diag" or ".notice" or ".warning" or ".alert") and var word when line.Words.Count > 2:
                diagnostics.Narrow(
                    DiagnosticSeverity.Alert,
                    line.PlaceOf(2),
                    $"Unexpected argument '{line.Words[2].Text}' for '{word}'. Use quotes if the message should contain spaces.");
                break;
            case ".diag":
                if (showsDiagnostics)
                {
                    diagnostics.Narrow(DiagnosticSeverity.Diagnostic, line.Place, $"'{text}'.");
                }

                break;
            case ".notice":
                diagnostics.Narrow(DiagnosticSeverity.Notice, line.Place, $"'{text}'.");
                break;
            case ".warning":
                diagnostics.Narrow(DiagnosticSeverity.Warning, line.Place, $"'{text}'.");
                break;
            case ".alert":
                diagnostics.Narrow(DiagnosticSeverity.Alert, line.Place, $"'{text}'.");
                break;
            case var unknown:
                string[] known = [".if", ".elif", ".else", ".endif", ".diag", ".notice", ".warning", ".alert"];
                diagnostics.Narrow(
                    DiagnosticSeverity.Alert, line.PlaceOf(0), $"unknown directive '{unknown}'{NearestName.Hint(unknown, known)}");
                break;
        }
    }

    private static string FirstWord(string text)
    {
        var start = 0;
        while (start < text.Length && text[start] is ' ' or '\t')
        {
            start++;
        }

        var end = start;
        while (end < text.Length && text[end] is not (' ' or '\t' or '#'))
        {
            end++;
        }

        return text[start..end];
    }
}
