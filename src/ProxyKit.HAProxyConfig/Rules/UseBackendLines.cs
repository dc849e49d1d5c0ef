using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads <c>use_backend</c> lines.</summary>
internal static class UseBackendLines
{
    public static void Read(Statement s)
    {
        if (RuleLineParser.TryCondition(s, 1, "use_backend", out var condition) && TryName(s, out var name))
        {
            s.Proxy.Rules.RouteSeen ??= s.Place;
            s.Proxy.UseBackends.Add(new UseBackend(s[0], condition, s.PlaceOf(0)) { Name = name });
        }
    }

    /// <summary>A name with a percent sign is made anew for each request.</summary>
    private static bool TryName(Statement s, out Expression? name)
    {
        name = null;
        if (!s[0].Contains('%', StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            name = Formats.Parse(s[0], s.Language);
            return true;
        }
        catch (RuleFaultException e)
        {
            s.Alert(0, $"error detected in {s.Proxy} while parsing 'use_backend' rule : failed to parse use_backend rule : {e.Message}.");
            return false;
        }
    }
}
