using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What brings clients back to the server they had.</summary>
internal static class StickinessKeywords
{
    private const Section OfBack = Section.Defaults | Section.Back;
    private const string StickArguments = "<expr> [table <table>] [{if|unless} <condition> ...]";

    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("cookie", OfBack, "<name> [<option> ...]", CookieLines.Read),
        Keyword.Runs("dynamic-cookie-key", OfBack, "<secret_key>", static s => s.Proxy.Settings.DynamicCookieKey = s[0]) with { HoldsSecret = true },
        Keyword.Runs("persist", OfBack, "rdp-cookie[(<name>)]", Persist),
        Keyword.Runs("force-persist", Section.Back, "{if|unless} <condition> ...", static s => StickinessLines.ReadPersistence(s, PersistenceEffect.Force)),
        Keyword.Runs("ignore-persist", Section.Back, "{if|unless} <condition> ...", static s => StickinessLines.ReadPersistence(s, PersistenceEffect.Ignore)),
        Keyword.Runs("use-server", Section.Back, "<server> {if|unless} <condition> ...", StickinessLines.ReadUseServer),
        Stick("on", StickRuleKind.On),
        Stick("match", StickRuleKind.Match),
        Stick("store-request", StickRuleKind.StoreRequest),
        Stick("store-response", StickRuleKind.StoreResponse),
        Keyword.Runs("cookie", Section.Server, "<value>", static s => s.Server.Cookie = s[0]),
        Keyword.Runs("non-stick", Section.Server, "", static s => s.Server.IsNonStick = true),
        Keyword.Runs("stick", Section.Server, "", static s => s.Server.IsNonStick = false),
    ];

    private static Keyword Stick(string word, StickRuleKind kind) =>
        Keyword.Runs($"stick {word}", Section.Back, StickArguments, s => StickinessLines.ReadStick(s, kind));

    private static void Persist(Statement s)
    {
        const string Usual = "msts";
        var open = s[0].IndexOf('(', StringComparison.Ordinal);
        if ((open < 0 ? s[0] : s[0][..open]) != "rdp-cookie" || (open >= 0 && !s[0].EndsWith(')')))
        {
            s.Alert(0, $"'{s.Name}' only supports 'rdp-cookie' and 'rdp-cookie(<name>)' (got '{s[0]}').");
            return;
        }

        var name = open < 0 ? Usual : s[0][(open + 1)..^1];
        if (name.Length == 0)
        {
            s.Alert(0, $"'{s.Name} {s[0]}' : the name of the cookie is missing.");
            return;
        }

        s.Proxy.Settings.RdpCookie = (name, s.Place);
    }
}
