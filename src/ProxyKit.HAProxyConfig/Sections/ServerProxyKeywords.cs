using System.Globalization;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Rules;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of servers about the PROXY protocol.</summary>
internal static class ServerProxyKeywords
{
    private const int FirstField = 0xE0, LastField = 0xEF; // what the protocol leaves to its users

    /// <summary>All but the last two tell of TLS as such, too.</summary>
    private static readonly (string Word, ProxyProtocolFacts Facts)[] Options =
    [
        ("ssl", ProxyProtocolFacts.Tls),
        ("cert-cn", ProxyProtocolFacts.Tls | ProxyProtocolFacts.CommonName),
        ("ssl-cipher", ProxyProtocolFacts.Tls | ProxyProtocolFacts.Cipher),
        ("cert-sig", ProxyProtocolFacts.Tls | ProxyProtocolFacts.SignatureAlgorithm),
        ("cert-key", ProxyProtocolFacts.Tls | ProxyProtocolFacts.KeyAlgorithm),
        ("authority", ProxyProtocolFacts.Authority),
        ("crc32c", ProxyProtocolFacts.Checksum),
        ("unique-id", ProxyProtocolFacts.UniqueId),
    ];

    public static IEnumerable<Keyword> All =>
    [
        Runs("send-proxy", "", static s => s.Server.Proxy.SendsText = true),
        Runs("no-send-proxy", "", static s => s.Server.Proxy.SendsText = false),
        .. Binary("send-proxy-v2", ProxyProtocolFacts.None),
        .. Binary("send-proxy-v2-ssl", ProxyProtocolFacts.Tls),
        .. Binary("send-proxy-v2-ssl-cn", ProxyProtocolFacts.Tls | ProxyProtocolFacts.CommonName),
        Runs("proxy-v2-options", "<option>[,<option>]*", ReadOptions),
        Runs("set-proxy-v2-tlv-fmt", "<fmt>", ReadField),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Server, arguments, run);

    private static IEnumerable<Keyword> Binary(string name, ProxyProtocolFacts facts) =>
    [
        Runs(name, "", s =>
        {
            s.Server.Proxy.SendsBinary = true;
            s.Server.Proxy.Facts |= facts;
        }),
        Runs($"no-{name}", "", s =>
        {
            s.Server.Proxy.SendsBinary = false;
            s.Server.Proxy.Facts &= ~facts;
        }),
    ];

    private static void ReadOptions(Statement s)
    {
        foreach (var word in s[0].Split(','))
        {
            var facts = Array.Find(Options, o => o.Word == word).Facts;
            if (facts == ProxyProtocolFacts.None)
            {
                s.Alert(0, $"'{s.Name}' : '{word}' is not one of {string.Join(", ", Options.Select(static o => $"'{o.Word}'"))}.");
                return;
            }

            s.Server.Proxy.Facts |= facts;
        }
    }

    private static void ReadField(Statement s)
    {
        var word = s.Word;
        var open = word.IndexOf('(', StringComparison.Ordinal);
        var text = open > 0 && word.EndsWith(')') ? word[(open + 1)..^1] : "";
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!int.TryParse(isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var type)
            || type is < FirstField or > LastField)
        {
            s.Alert($"'{s.Name}' expects a type from 0x{FirstField:X} to 0x{LastField:X} in brackets (got '{word}').");
            return;
        }

        try
        {
            s.Server.Proxy.Fields[type] = Formats.Parse(s[0], s.Language, FormatUse.Raw);
        }
        catch (RuleFaultException e)
        {
            s.Alert(0, $"'{s.Name}' : {e.Message}.");
        }
    }
}
