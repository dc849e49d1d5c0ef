using ProxyKit.Authentication;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Identities;
using ProxyKit.Rules;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads <c>refusal</c> lines, ProxyKit's own: what those get who are refused for one reason, in the words that describe the replies of rules.</summary>
internal static class RefusalLines
{
    public const string Name = "refusal";
    public const string Arguments = "<reason> status <code> [content-type <type>] [<body>] [hdr <name> <fmt>]...";

    private static readonly RuleVerb Verb = new(Name, RuleLists.None, Arguments);

    private static readonly (string Word, AuthenticationFault Reason)[] Reasons =
    [
        ("missing-credentials", AuthenticationFault.MissingCredentials),
        ("malformed-credentials", AuthenticationFault.MalformedCredentials),
        ("oversized-token", AuthenticationFault.OversizedToken),
        ("encrypted-token", AuthenticationFault.EncryptedToken),
        ("critical-extension", AuthenticationFault.CriticalExtension),
        ("unsupported-algorithm", AuthenticationFault.UnsupportedAlgorithm),
        ("wrong-type", AuthenticationFault.WrongType),
        ("unknown-key", AuthenticationFault.UnknownKey),
        ("ambiguous-key", AuthenticationFault.AmbiguousKey),
        ("bad-signature", AuthenticationFault.BadSignature),
        ("duplicate-claim", AuthenticationFault.DuplicateClaim),
        ("expired", AuthenticationFault.Expired),
        ("missing-expiry", AuthenticationFault.MissingExpiry),
        ("not-yet-valid", AuthenticationFault.NotYetValid),
        ("wrong-issuer", AuthenticationFault.WrongIssuer),
        ("wrong-audience", AuthenticationFault.WrongAudience),
        ("missing-claim", AuthenticationFault.MissingClaim),
        ("wrong-password", AuthenticationFault.WrongPassword),
        ("unknown-api-key", AuthenticationFault.UnknownApiKey),
        ("untrusted-certificate", AuthenticationFault.UntrustedCertificate),
        ("unknown-certificate", AuthenticationFault.UnknownCertificate),
        ("inactive-token", AuthenticationFault.InactiveToken),
        ("issuer-unavailable", AuthenticationFault.IssuerUnavailable),
        ("insufficient-scope", AuthenticationFault.InsufficientScope),
        ("ambiguous-path", AuthenticationFault.AmbiguousPath),
        ("busy", AuthenticationFault.Busy),
    ];

    public static void Read(Statement s)
    {
        if (!s.TryChoice(0, out var reason, Reasons))
        {
            return;
        }

        var replies = AuthenticationKeywords.SectionOf(s).Options.Replies;
        var arguments = new ActionArguments(s, Verb, RuleLists.None);
        try
        {
            var reply = new ReplyWords(arguments).Read(status: null).Reply;
            if (arguments.Position < s.Count)
            {
                throw new RuleFaultException($"cannot handle unexpected argument '{arguments.Peek}'");
            }

            if (!replies.TryAdd(reason, reply))
            {
                s.Alert(0, $"'{Name}' : there is one for '{s[0]}' already.");
            }
        }
        catch (Exception e) when (e is RuleFaultException or ArgumentException)
        {
            s.Alert(arguments.Position, $"'{Name}' : {RuleLineParser.Explain(e)}.");
        }
    }
}
