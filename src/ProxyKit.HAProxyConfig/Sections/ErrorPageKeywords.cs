using ProxyKit.HAProxyConfig.Files;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Rules.Replies;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What is said instead of the error pages that come along.</summary>
internal static class ErrorPageKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("errorfile", Section.Proxies, "<code> <file>", File),
        Keyword.Runs("errorfile", Section.HttpErrors, "<code> <file>", FileOfSection),
        Keyword.Runs("errorfiles", Section.Proxies, "<name> [<code> ...]", SectionPages),
        Keyword.Runs("errorloc", Section.Proxies, "<code> <url>", static s => Location(s, 302)),
        Keyword.Runs("errorloc302", Section.Proxies, "<code> <url>", static s => Location(s, 302)),
        Keyword.Runs("errorloc303", Section.Proxies, "<code> <url>", static s => Location(s, 303)),
        Keyword.Runs(HttpErrorLines.Name, Section.Proxies, HttpErrorLines.Arguments, HttpErrorLines.Read),
    ];

    private static void File(Statement s)
    {
        if (TryFile(s))
        {
            Add(s, code => ErrorPageOptions.File(code, s.PathOf(s[1])));
        }
    }

    /// <summary>A section's page; of two for one status the later one counts.</summary>
    private static void FileOfSection(Statement s)
    {
        if (TryFile(s) && TryStatus(s, 0, out var code) && Try(s, () => ErrorPageOptions.File(code, s.PathOf(s[1]))) is not null
            && s.Target is ErrorSectionOptions section)
        {
            section.Files[code] = s.PathOf(s[1]);
        }
    }

    private static void SectionPages(Statement s)
    {
        var statuses = new int[s.Count - 1];
        for (var i = 0; i < statuses.Length; i++)
        {
            if (!TryStatus(s, i + 1, out statuses[i]))
            {
                return;
            }
        }

        if (Try(s, () => ErrorPageOptions.Section(s[0], statuses)) is { } pages)
        {
            s.Proxy.Settings.ErrorPages.Add((pages, s.Place));
            s.Proxy.Settings.ErrorSections.Add(new ErrorSectionUse(s[0], statuses, s.PlaceOf(0)));
        }
    }

    private static void Location(Statement s, int status) => Add(s, code => ErrorPageOptions.Location(code, s[1], status));

    private static bool TryFile(Statement s)
    {
        if (ReferredFile.Check(s.PathOf(s[1])) is not { } fault)
        {
            return true;
        }

        s.Alert(1, $"error reading file '{s.PathOf(s[1])}' for custom error message: {fault}.");
        return false;
    }

    private static void Add(Statement s, Func<int, ErrorPageOptions> make)
    {
        if (TryStatus(s, 0, out var code) && Try(s, () => make(code)) is { } page)
        {
            s.Proxy.Settings.ErrorPages.Add((page, s.Place));
        }
    }

    private static bool TryStatus(Statement s, int index, out int status) => s.TryInteger(index, 200, 599, out status);

    /// <summary>What the options say of a status without a page is said of the line.</summary>
    private static ErrorPageOptions? Try(Statement s, Func<ErrorPageOptions> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            s.Alert(0, $"'{s.Name}' : {e.Message.Split(" (Parameter", 2)[0]}.");
            return null;
        }
    }
}
