using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Where files are whose paths are relative.</summary>
internal static class DefaultPathKeyword
{
    public static Keyword DefaultPath => Keyword.Runs("default-path", Section.Global, "{current|config|parent|origin} [<path>]", static s =>
    {
        if (!s.TryChoice(
            0,
            out var policy,
            ("current", DefaultPathPolicy.Current),
            ("config", DefaultPathPolicy.Config),
            ("parent", DefaultPathPolicy.Parent),
            ("origin", DefaultPathPolicy.Origin)))
        {
            return;
        }

        var isOrigin = policy == DefaultPathPolicy.Origin;
        if (isOrigin != s.Count > 1 || (isOrigin && s[1].Length == 0))
        {
            s.Alert(isOrigin ? 0 : 1, isOrigin ? "'default-path origin' expects a directory." : $"'default-path {s[0]}' cannot handle unexpected argument '{s[1]}'.");
        }
        else if (isOrigin && !Directory.Exists(s[1]))
        {
            s.Alert(1, $"'default-path origin' : there is no directory '{s[1]}'.");
        }
        else
        {
            s.Files.Set(policy, isOrigin ? s[1] : null);
        }
    });
}
