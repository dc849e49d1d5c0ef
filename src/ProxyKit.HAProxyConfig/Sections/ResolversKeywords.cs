using System.Net;
using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.Resolvers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What stands in a <c>resolvers</c> section.</summary>
internal static class ResolversKeywords
{
    private const string SystemFile = "/etc/resolv.conf";

    public static IEnumerable<Keyword> All =>
    [
        Runs("nameserver", "<name> <address>", Nameserver),
        Runs("parse-resolv-conf", "", static s => Of(s).ResolvConfPath = SystemFile),
        Runs("resolve_retries", "<n>", static s =>
        {
            if (s.TryInteger(0, 1, 100, out var count))
            {
                Of(s).Attempts = count;
            }
        }),
        Runs("accepted_payload_size", "<bytes>", static s =>
        {
            if (s.TryInteger(0, 512, ushort.MaxValue, out var size))
            {
                Of(s).MaxPayloadBytes = size;
            }
        }),
        Limit("timeout resolve", static (r, time) => r.RefreshInterval = time),
        Limit("timeout retry", static (r, time) => r.RetryTimeout = time),
        Time("hold valid", static (r, time) => r.HoldValid = time),
        Time("hold obsolete", static (r, time) => r.HoldObsolete = time),
        Time("hold nx", static (r, time) => r.HoldNotFound = time),
        Time("hold refused", static (r, time) => r.HoldRefused = time),
        Time("hold timeout", static (r, time) => r.HoldTimedOut = time),
        Time("hold other", static (r, time) => r.HoldOther = time),
    ];

    private static ResolversOptions Of(Statement s) => ((ResolversSection)s.Target!).Options; // its keywords stand in nothing else

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Resolvers, arguments, run);

    private static Keyword Time(string name, Action<ResolversOptions, TimeSpan> set) => Runs(name, "<time>", s =>
    {
        if (s.TryTime(0, out var time))
        {
            set(Of(s), time);
        }
    });

    /// <summary>A time without which nothing would be asked, or all at once.</summary>
    private static Keyword Limit(string name, Action<ResolversOptions, TimeSpan> set) => Runs(name, "<time>", s =>
    {
        if (!s.TryTime(0, out var time))
        {
            return;
        }

        if (time <= TimeSpan.Zero)
        {
            s.Alert(0, $"'{name}' expects a time above 0 (got '{s[0]}').");
            return;
        }

        set(Of(s), time);
    });

    private static void Nameserver(Statement s)
    {
        if (Of(s).Nameservers.Any(n => n.Name == s[0]))
        {
            s.Alert(0, $"'nameserver' : there is one of the name '{s[0]}' already.");
            return;
        }

        var text = s[1];
        var usesTcp = text.StartsWith("tcp", StringComparison.Ordinal);
        if (text.StartsWith("udp", StringComparison.Ordinal))
        {
            text = text is [_, _, _, '4' or '6', ..] ? $"ipv{text[3..]}" : $"ip{text[3..]}"; // UDP is what is meant without a word
        }

        if (AddressPrefix.Read(ref text, out var family) is { } fault)
        {
            s.Alert(1, $"'nameserver {s[0]}' : {fault}.");
        }
        else if (family is AddressFamily.Unix or AddressFamily.Descriptor)
        {
            s.Alert(1, $"'nameserver {s[0]}' : '{s[1]}' is not supported: an IP address and a port are.");
        }
        else if (!IPEndPoint.TryParse(text, out var endPoint) || endPoint.Port == 0 || !AddressText.TryRead(text[..text.LastIndexOf(':')].Trim('[', ']'), out _))
        {
            s.Alert(1, $"'nameserver {s[0]}' : '{s[1]}' is not an IP address and a port.");
        }
        else
        {
            Of(s).Nameservers.Add(new NameserverOptions { Name = s[0], Address = endPoint.ToString(), UsesTcp = usesTcp });
        }
    }
}
