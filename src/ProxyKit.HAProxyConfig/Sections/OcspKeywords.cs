namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Whether the answers of OCSP responders go with certificates.</summary>
internal static class OcspKeywords
{
    private const string OwnTimes = ".NET asks responders again before their answers get old, by its own times";

    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("ocsp-update.mode", Section.Global, "{on|off}", static s => s.Model.Global.StaplesOcsp = Read(s, 0) ?? false),
        Keyword.Runs("ocsp-update.disable", Section.Global, "{on|off}", static s => s.Model.Global.StaplesNoOcsp = Read(s, 0) ?? false),
        Keyword.Accepted("ocsp-update.mindelay", Section.Global, "<seconds>", OwnTimes),
        Keyword.Accepted("ocsp-update.maxdelay", Section.Global, "<seconds>", OwnTimes),
        Keyword.Accepted("tune.ssl.ocsp-update.mindelay", Section.Global, "<seconds>", OwnTimes),
        Keyword.Accepted("tune.ssl.ocsp-update.maxdelay", Section.Global, "<seconds>", OwnTimes),
        Keyword.Refused("ocsp-update.httpproxy", Section.Global, "<address>", ".NET asks responders without a proxy"),
    ];

    /// <summary>Reads an argument that is <c>on</c> or <c>off</c>; says so where it is neither.</summary>
    public static bool? Read(Statement s, int index) => s.TryChoice(index, out var isOn, ("on", true), ("off", false)) ? isOn : null;
}
