using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Preprocessing;

/// <summary>What conditional blocks can ask.</summary>
internal static class Predicates
{
    private static readonly Dictionary<string, int> ArgumentCounts = new(StringComparer.Ordinal)
    {
        ["defined"] = 1,
        ["feature"] = 1,
        ["streq"] = 2,
        ["strneq"] = 2,
        ["strstr"] = 2,
        ["version_atleast"] = 1,
        ["version_before"] = 1,
        ["openssl_version_atleast"] = 1,
        ["openssl_version_before"] = 1,
        ["ssllib_name_startswith"] = 1,
        ["awslc_api_atleast"] = 1,
        ["awslc_api_before"] = 1,
        ["enabled"] = 1,
        ["fips_mode"] = 0,
    };

    public static bool Holds(string name, List<string> arguments, ConditionFacts facts, ConfigVariables variables, Action<string> fail)
    {
        if (!ArgumentCounts.TryGetValue(name, out var count))
        {
            fail($"unknown predicate '{name}'{NearestName.Hint(name, ArgumentCounts.Keys)}");
            return false;
        }

        var given = arguments is [""] && count == 0 ? 0 : arguments.Count;
        if (given != count)
        {
            fail($"'{name}' expects {count} argument(s), got {given}");
            return false;
        }

        return name switch
        {
            "defined" => variables.IsSet(arguments[0]),
            "feature" => facts.Features.Contains(arguments[0]),
            "streq" => arguments[0] == arguments[1],
            "strneq" => arguments[0] != arguments[1],
            "strstr" => arguments[0].Contains(arguments[1], StringComparison.Ordinal),
            "version_atleast" => Compare(ConditionFacts.Version, arguments[0], fail) >= 0,
            "version_before" => Compare(ConditionFacts.Version, arguments[0], fail) < 0,
            "openssl_version_atleast" => Compare(ConditionFacts.OpenSslVersion, arguments[0], fail) >= 0,
            "openssl_version_before" => Compare(ConditionFacts.OpenSslVersion, arguments[0], fail) < 0,
            "ssllib_name_startswith" => arguments[0].Length > 0
                && ConditionFacts.TlsLibrary.StartsWith(arguments[0], StringComparison.Ordinal),
            _ => false, // another TLS library, start options of HAProxy's own, a mode that .NET does not know
        };
    }

    /// <summary>Null, of which no comparison holds, where there is no such thing or the version cannot be read.</summary>
    private static int? Compare(ConfigVersion? actual, string wanted, Action<string> fail)
    {
        if (ConfigVersion.Parse(wanted) is not { } version)
        {
            fail($"'{wanted}' is no version");
            return null;
        }

        return actual?.CompareTo(version);
    }
}
