using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A format of a proxy's log, as it is written.</summary>
/// <param name="Text">The text.</param>
/// <param name="Language">What its words mean, and where the files are that it names; null for the words that come along.</param>
internal sealed record FormatText(string Text, RuleLanguage? Language)
{
    /// <summary>Whether it may name files: that is what else than words can differ between languages of one configuration.</summary>
    public bool MayNameFiles => Text.Contains("map", StringComparison.Ordinal) || Text.Contains("jwt_", StringComparison.Ordinal);
}
