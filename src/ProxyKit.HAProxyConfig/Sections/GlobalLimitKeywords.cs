namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What <c>global</c> says of rates, and of what is counted.</summary>
internal static class GlobalLimitKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Limit("maxconnrate", static (g, count) => g.MaxConnectionRate = count),
        Limit("maxsessrate", static (g, count) => g.MaxSessionRate = count),
        Limit("maxsslconn", static (g, count) => g.MaxTlsConnections = count),
        Limit("maxsslrate", static (g, count) => g.MaxTlsRate = count),
        Statuses("http-err-codes", static g => g.ErrorStatuses),
        Statuses("http-fail-codes", static g => g.FailureStatuses),
    ];

    private static Keyword Limit(string name, Action<GlobalSettings, int?> set) => Keyword.Runs(name, Section.Global, "<number>", s =>
    {
        if (s.TryInteger(0, 0, int.MaxValue - 1, out var count))
        {
            set(s.Model.Global, count == 0 ? null : count);
        }
    });

    private static Keyword Statuses(string name, Func<GlobalSettings, StatusList> list) => Keyword.Runs(name, Section.Global, "[+-]<range>[,...] ...", s =>
    {
        for (var i = 0; i < s.Count; i++)
        {
            if (!list(s.Model.Global).TryChange(s[i], isFirst: i == 0))
            {
                s.Alert(i, $"'{s.Name}' expects statuses from 100 to 599, as in '400-499' or '-404', but got '{s[i]}'.");
                return;
            }
        }
    });
}
