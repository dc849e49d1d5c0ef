namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What <c>global</c> says of protocols: how strictly they are taken.</summary>
internal static class GlobalProtocolKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Runs("h1-accept-payload-with-any-method", "", static s => s.Model.Global.AcceptsBodyOfAnyMethod = true),
        Runs("h1-do-not-close-on-insecure-transfer-encoding", "", static s => s.Model.Global.KeepsConnectionsOfBothLengths = true),
        Runs("harden.reject-privileged-ports.tcp", "{on|off}", static s =>
        {
            if (s.TryChoice(0, out var rejects, ("on", true), ("off", false)))
            {
                s.Model.Global.RejectsPrivilegedPorts = rejects;
            }
        }),
        Runs("pp2-never-send-local", "", static s => s.Model.Global.NeverSendsLocalHeader = true),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Global, arguments, run);
}
