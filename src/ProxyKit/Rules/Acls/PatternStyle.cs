namespace ProxyKit.Rules.Acls;

/// <summary>How the text of patterns is understood.</summary>
/// <param name="Method">How they are compared.</param>
/// <param name="IgnoresCase">Whether upper and lower case letters are the same.</param>
/// <param name="NoDns">Whether names are no addresses.</param>
/// <param name="IsDotted">Whether numbers are versions.</param>
internal readonly record struct PatternStyle(MatchMethod Method, bool IgnoresCase = false, bool NoDns = false, bool IsDotted = false)
{
    /// <summary>Whether text is to be folded to lower case before it is compared; regular expressions fold for themselves.</summary>
    public bool FoldsText => IgnoresCase && (Method is MatchMethod.Exact or MatchMethod.Prefix or MatchMethod.Suffix
        or MatchMethod.Substring or MatchMethod.PathPart or MatchMethod.DomainPart);
}
