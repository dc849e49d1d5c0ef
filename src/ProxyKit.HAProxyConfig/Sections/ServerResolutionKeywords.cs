using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.Resolvers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What servers say of how their addresses are found while the proxy runs.</summary>
internal static class ServerResolutionKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("resolvers", Section.Server, "<name>", static s => s.Server.Resolvers = (s[0], s.PlaceOf(0))),
        Keyword.Runs("resolve-prefer", Section.Server, "{ipv4|ipv6}", static s =>
        {
            if (s.TryChoice(0, out var preference, ("ipv4", AddressPreference.IPv4), ("ipv6", AddressPreference.IPv6)))
            {
                s.Server.ResolvePreference = preference;
            }
        }),
        Keyword.Runs("resolve-net", Section.Server, "<network>[,<network>]*", Networks),
        Keyword.Runs("resolve-opts", Section.Server, "{allow-dup-ip|ignore-weight|prevent-dup-ip}[,<option>]*", Options),
    ];

    private static void Networks(Statement s)
    {
        var networks = new List<string>();
        foreach (var text in s[0].Split(','))
        {
            if (!NetworkText.TryRead(text, out var network, out var bits))
            {
                s.Alert(0, $"'resolve-net' : invalid network '{text}': an address, or one as 10.0.0.0/8 is expected.");
                return;
            }

            networks.Add(FormattableString.Invariant($"{network}/{bits}"));
        }

        s.Server.ResolveNetworks = networks;
    }

    private static void Options(Statement s)
    {
        foreach (var word in s[0].Split(','))
        {
            switch (word)
            {
                case "allow-dup-ip":
                    s.Server.AllowsSameAddress = true;
                    break;
                case "prevent-dup-ip":
                    s.Server.AllowsSameAddress = false;
                    break;
                case "ignore-weight":
                    s.Server.IgnoresResolvedWeight = true;
                    break;
                default:
                    s.Alert(0, $"unknown resolve-opts option '{word}', supported methods are 'allow-dup-ip', 'ignore-weight', and 'prevent-dup-ip'.");
                    return;
            }
        }
    }
}
