namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The sections that are not supported yet.</summary>
internal static class UnsupportedSections
{
    private const Section Refused = Section.Peers | Section.Ring | Section.Cache
        | Section.LogForward | Section.LogProfile | Section.Acme | Section.FcgiApp | Section.Traces;

    /// <summary>Whether a section is refused as a whole.</summary>
    public static bool Contain(Section section) => (Refused & section) != 0;
}
