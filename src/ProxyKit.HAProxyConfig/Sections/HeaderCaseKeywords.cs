using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>How names of header fields are written for clients and servers that know them in one case only.</summary>
internal static class HeaderCaseKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("h1-case-adjust", Section.Global, "<from> <to>", static s => Add(s, s[0], s[1])),
        Keyword.Runs("h1-case-adjust-file", Section.Global, "<file>", ReadFile),
    ];

    private static bool Add(Statement s, string from, string to)
    {
        var names = s.Model.Global.HeaderNames;
        var fault = !from.Equals(to, StringComparison.OrdinalIgnoreCase) ? $"<from> and <to> must not differ except the case (got '{from}' and '{to}')"
            : to.Length == 0 || to.Any(static c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) ? $"'{to}' is not a valid header name"
            : names.Contains(to, StringComparer.OrdinalIgnoreCase) ? $"duplicate entry '{from}'"
            : null;
        if (fault is not null)
        {
            s.Alert(0, $"'{s.Name}' : {fault}.");
            return false;
        }

        names.Add(to);
        return true;
    }

    private static void ReadFile(Statement s)
    {
        if (ReferredFile.Check(s.PathOf(s[0])) is { } fault)
        {
            s.Alert(0, $"'{s.Name}' : file '{s[0]}' : {fault}.");
            return;
        }

        foreach (var (index, line) in File.ReadLines(s.PathOf(s[0])).Index())
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0][0] == '#')
            {
                continue;
            }

            if (words.Length != 2)
            {
                s.Alert(0, $"'{s.Name}' : file '{s[0]}', line {index + 1} : two names of one header are expected.");
                return;
            }

            if (!Add(s, words[0], words[1]))
            {
                return;
            }
        }
    }
}
