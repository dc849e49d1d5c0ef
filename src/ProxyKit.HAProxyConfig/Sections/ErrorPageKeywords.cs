using ProxyKit.HAProxyConfig.Files;
using ProxyKit.Rules.Replies;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What is said instead of the error pages that come along.</summary>
internal static class ErrorPageKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("errorfile", Section.Proxies, "<code> <file>", File),
        Keyword.Runs("errorloc", Section.Proxies, "<code> <url>", static s => Location(s, 302)),
        Keyword.Runs("errorloc302", Section.Proxies, "<code> <url>", static s => Location(s, 302)),
        Keyword.Runs("errorloc303", Section.Proxies, "<code> <url>", static s => Location(s, 303)),
    ];

    private static void File(Statement s)
    {
        if (ReferredFile.Check(s[1]) is { } fault)
        {
            s.Alert(1, $"error reading file '{s[1]}' for custom error message: {fault}.");
            return;
        }

        Add(s, code => ErrorPageOptions.File(code, s[1]));
    }

    private static void Location(Statement s, int status) => Add(s, code => ErrorPageOptions.Location(code, s[1], status));

    private static void Add(Statement s, Func<int, ErrorPageOptions> make)
    {
        if (!s.TryInteger(0, 200, 599, out var code))
        {
            return;
        }

        try
        {
            s.Proxy.Settings.ErrorPages.Add(make(code));
        }
        catch (ArgumentException e)
        {
            s.Alert(0, $"'{s.Name}' : {e.Message.Split(" (Parameter", 2)[0]}.");
        }
    }
}
