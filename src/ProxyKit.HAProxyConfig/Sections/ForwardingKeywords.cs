using ProxyKit.Backends;
using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The options that tell servers who the client was and where it came in.</summary>
internal static class ForwardingKeywords
{
    private const Section OfBack = Section.Defaults | Section.Backend | Section.Listen;

    public static IEnumerable<Keyword> All =>
    [
        Runs("forwardfor", Section.Proxies, "[except <network>] [header <name>] [if-none]", static s =>
            s.Proxy.Settings.ForwardedFor = Field(s, mayLeave: true, s.Proxy.Settings.ForwardedFor)),
        Runs("originalto", Section.Proxies, "[except <network>] [header <name>]", static s =>
            s.Proxy.Settings.OriginalTo = Field(s, mayLeave: false, s.Proxy.Settings.OriginalTo)),
        Keyword.Runs("http-send-name-header", OfBack, "[<name>]", NameHeader),
        Runs("forwarded", OfBack, "[proto] [host|host-expr <expr>] [by|by-expr <expr>] [by_port|by_port-expr <expr>] [for|for-expr <expr>] [for_port|for_port-expr <expr>]", Forwarded),
    ];

    private static Keyword Runs(string name, Section sections, string arguments, Action<Statement> run) =>
        Keyword.Runs($"option {name}", sections, arguments, run);

    /// <summary>Without a name there is none.</summary>
    private static void NameHeader(Statement s)
    {
        if (s.Count > 0 && s[0].ToUpperInvariant() is "HOST" or "CONTENT-LENGTH" or "TRANSFER-ENCODING" or "CONNECTION")
        {
            s.Alert(0, $"'{s.Name}' : '{s[0]}' is not a valid header name, as it is used by the protocol itself.");
            return;
        }

        if (s[0].Any(static c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            s.Alert(0, $"'{s.Name}' : '{s[0]}' is not a valid header name.");
            return;
        }

        s.Proxy.Settings.ServerNameHeader = s.Count > 0 && s[0].Length > 0 ? s[0] : null;
    }

    private static AddressFieldOptions? Field(Statement s, bool mayLeave, AddressFieldOptions? before)
    {
        var field = new AddressFieldOptions();
        for (var i = 0; i < s.Count; i++)
        {
            switch (s[i])
            {
                case "except" when i + 1 < s.Count:
                    if (!NetworkText.TryRead(s[++i], out var network, out var bits))
                    {
                        s.Alert(i, $"'{s.Name} except' expects an address or a network (got '{s[i]}').");
                        return before;
                    }

                    if (field.Except.Count > 0)
                    {
                        s.Warning(i - 1, $"'{s.Name}' has several networks behind 'except', of which the last one counts.");
                        field.Except.Clear();
                    }

                    field.Except.Add(bits == network.GetAddressBytes().Length * 8 ? $"{network}" : FormattableString.Invariant($"{network}/{bits}"));
                    break;
                case "header" when i + 1 < s.Count:
                    field.Name = s[++i];
                    break;
                case "if-none" when mayLeave:
                    field.OnlyWhereMissing = true;
                    break;
                default:
                    s.Alert(i, s[i] is "except" or "header"
                        ? $"'{s.Name} {s[i]}' expects {(s[i] == "except" ? "<network>" : "<name>")} as argument."
                        : $"'{s.Name}' only supports {(mayLeave ? "'except', 'header' and 'if-none'" : "'except' and 'header'")} (got '{s[i]}').");
                    return before;
            }
        }

        return field;
    }

    private static void Forwarded(Statement s)
    {
        var forwarded = new ForwardedOptions { Proto = s.Count == 0, For = s.Count == 0 ? Value.Parse("src") : null };
        for (var i = 0; i < s.Count; i++)
        {
            var word = s[i];
            Expression? expression = null;
            if (word.EndsWith("-expr", StringComparison.Ordinal) && !TryExpression(s, ++i, word, out expression))
            {
                return;
            }

            switch (word)
            {
                case "proto":
                    forwarded.Proto = true;
                    break;
                case "host" or "host-expr":
                    forwarded.Host = expression ?? Value.Parse("req.hdr(host,1)");
                    break;
                case "by" or "by-expr":
                    forwarded.By = expression ?? Value.Parse("dst");
                    break;
                case "by_port" or "by_port-expr":
                    forwarded.ByPort = expression ?? Value.Parse("dst_port");
                    break;
                case "for" or "for-expr":
                    forwarded.For = expression ?? Value.Parse("src");
                    break;
                case "for_port" or "for_port-expr":
                    forwarded.ForPort = expression ?? Value.Parse("src_port");
                    break;
                default:
                    s.Alert(i, $"'{s.Name}' only supports 'proto', 'host', 'by', 'by_port', 'for' and 'for_port', and '-expr' behind all but the first (got '{word}').");
                    return;
            }
        }

        s.Proxy.Settings.Forwarded = forwarded;
    }

    private static bool TryExpression(Statement s, int index, string word, out Expression? expression)
    {
        expression = null;
        if (index >= s.Count)
        {
            s.Alert(index - 1, $"'{s.Name} {word}' expects <expr> as argument.");
            return false;
        }

        try
        {
            expression = Value.Parse(s[index], s.Language);
            return true;
        }
        catch (RuleFaultException e)
        {
            s.Alert(index, $"'{s.Name} {word}' : {e.Message}.");
            return false;
        }
    }
}
