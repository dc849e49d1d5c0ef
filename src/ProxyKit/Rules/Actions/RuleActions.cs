using System.Runtime.CompilerServices;
using ProxyKit.Descriptions;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;

namespace ProxyKit;

/// <summary>Makes what rules do. The same verbs stand on the builders of rule lists, where only those show that a list may have.</summary>
/// <remarks>What is wrong with an argument is said at once, by an <see cref="ArgumentException"/>; what is wrong with a name (a backend, a file, a
/// variable) when the configuration is put to use.</remarks>
public static partial class RuleActions
{
    private const RulePhases OfHttp = RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;
    private const RulePhases OfTcp = RulePhases.Connection | RulePhases.Session | RulePhases.Content | RulePhases.ResponseContent;

    private static readonly RuleVerdict Rejected = new(VerdictKind.Reject, -1);
    private static readonly RuleVerdict Dropped = new(VerdictKind.SilentDrop, -1);
    private static readonly RuleVerdict Closed = new(VerdictKind.Close, 502);

    /// <summary>Leaves the list: no rule behind this one is asked; the exchange goes on. HAProxy: <c>allow</c>, <c>accept</c>.</summary>
    public static RuleAction Allow { get; } = new SimpleAction("allow", RulePhases.Everywhere, static _ => RuleOutcome.Stop, isFinal: true)
    {
        Description = Call([]),
    };

    /// <summary><see cref="Allow"/>, as HAProxy calls it in the lists about connections and contents: <c>accept</c>.</summary>
    public static RuleAction Accept { get; } = new SimpleAction("accept", OfTcp, static _ => RuleOutcome.Stop, isFinal: true)
    {
        Description = Call([]),
    };

    /// <summary>Closes the client's connection without a word. HAProxy: <c>reject</c>.</summary>
    public static RuleAction Reject { get; } = new SimpleAction(
        "reject", OfTcp | RulePhases.Request, static context => End(context, Rejected), isFinal: true) { Description = Call([]) };

    /// <summary>Has the connection begin with a header of the PROXY protocol, as <see cref="Frontends.BindOptions.AcceptsProxyProtocol"/> does for all of
    /// a bind. HAProxy: <c>expect-proxy layer4</c>.</summary>
    public static RuleAction ExpectProxyProtocol { get; } = new SimpleAction("expect-proxy layer4", RulePhases.Connection, static context =>
    {
        context.Session.ExpectsProxyHeader = true;
        return RuleOutcome.Next;
    })
    {
        Description = Call([]),
    };

    /// <summary>Has the connection begin with the header of a NetScaler, before one of the PROXY protocol and TLS. The number that it begins with is the
    /// bind's (<see cref="Frontends.BindOptions.NetScalerMagic"/>, with which all of the bind's connections begin with one); where that has none, 0. HAProxy:
    /// <c>expect-netscaler-cip layer4</c>.</summary>
    public static RuleAction ExpectNetScalerHeader { get; } = new SimpleAction("expect-netscaler-cip layer4", RulePhases.Connection, static context =>
    {
        context.Session.ExpectsNetScalerHeader = true;
        return RuleOutcome.Next;
    })
    {
        Description = Call([]),
    };

    /// <summary>Forgets the client's connection without telling the client, who believes it open: on Linux, with the privilege to administer the
    /// network, nothing is sent; without it, a reset that goes no further than the nearest router. Elsewhere the connection is reset. HAProxy:
    /// <c>silent-drop</c>.</summary>
    public static RuleAction SilentDrop { get; } = Drop("silent-drop", null, []);

    /// <summary>Forgets the client's connection, with a reset that gets so far and no further. Linux; elsewhere the reset gets to the client. HAProxy:
    /// <c>silent-drop rst-ttl</c>.</summary>
    /// <param name="hops">How many hops, 1 to 255: those to a router of one's own, say, that keeps track of connections.</param>
    /// <returns>The action.</returns>
    public static RuleAction SilentDropWithin(int hops) => hops is >= 1 and <= 255
        ? Drop($"silent-drop rst-ttl {hops}", (byte)hops, [hops])
        : throw new ArgumentOutOfRangeException(nameof(hops), hops, "valid rst-ttl values are [1-255]");

    /// <summary>Closes the server's connection. What it has sent still reaches the client in TCP mode; in HTTP mode the client gets a 502.
    /// HAProxy: <c>close</c>.</summary>
    public static RuleAction Close { get; } = new SimpleAction(
        "close", RulePhases.ResponseContent, static context => End(context, Closed), isFinal: true) { Description = Call([]) };

    /// <summary>Refuses, with an error page. HAProxy: <c>deny</c>, <c>deny deny_status</c>.</summary>
    /// <param name="status">The page's status, one of those that have a page; null for 403, and 502 for a response.</param>
    /// <returns>The action.</returns>
    public static RuleAction Deny(int? status = null) => ErrorPage(VerdictKind.Deny, status);

    /// <summary>Refuses, with a reply of one's own. HAProxy: <c>deny status …</c>.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>The action.</returns>
    public static RuleAction Deny(Reply reply) => With(VerdictKind.Deny, reply);

    /// <summary>Keeps the client waiting for <c>timeout tarpit</c>, then refuses with an error page. HAProxy: <c>tarpit</c>.</summary>
    /// <param name="status">The page's status, one of those that have a page; null for 500.</param>
    /// <returns>The action.</returns>
    public static RuleAction Tarpit(int? status = null) => ErrorPage(VerdictKind.Tarpit, status);

    /// <summary>Keeps the client waiting, then refuses with a reply of one's own. HAProxy: <c>tarpit status …</c>.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>The action.</returns>
    public static RuleAction Tarpit(Reply reply) => With(VerdictKind.Tarpit, reply);

    /// <summary>Answers instead of a server. HAProxy: <c>return</c>.</summary>
    /// <param name="reply">The answer.</param>
    /// <returns>The action.</returns>
    public static RuleAction Return(Reply reply) => With(VerdictKind.Reply, reply);

    /// <summary>Asks for a user and a password, with 401. It checks none: give it a condition that does. HAProxy: <c>auth</c>.</summary>
    /// <param name="realm">What they are for; null for the proxy's name.</param>
    /// <param name="asProxy">Whether a request whose target is that of a request to a proxy (an absolute URI) is asked with 407 instead. HAProxy:
    /// <c>option http-use-proxy-header</c>.</param>
    /// <returns>The action.</returns>
    public static RuleAction Challenge(string? realm = null, bool asProxy = false) => realm?.Any(char.IsControl) == true
        ? throw new ArgumentException("a realm has no control characters", nameof(realm))
        : new ChallengeAction(realm, asProxy) { Description = Call([realm, asProxy]) };

    /// <summary>Sends the client elsewhere. HAProxy: <c>redirect</c>.</summary>
    /// <param name="options">Where, and how.</param>
    /// <returns>The action.</returns>
    public static RuleAction Redirect(RedirectOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Status is 301 or 302 or 303 or 307 or 308
            ? new RedirectAction(options) { Description = Call([options]) }
            : throw new ArgumentException(
                $"unsupported HTTP code '{options.Status}' (must be one of 301, 302, 303, 307 or 308)", nameof(options));
    }

    private static ReplyAction ErrorPage(VerdictKind kind, int? status, [CallerMemberName] string member = "")
    {
        if (status is { } code)
        {
            ErrorStatus.ThrowIfUnknown(code, nameof(status));
        }

        return new(kind, status, null) { Description = Call([status], member) };
    }

    private static ReplyAction With(VerdictKind kind, Reply reply, [CallerMemberName] string member = "")
    {
        ArgumentNullException.ThrowIfNull(reply);
        return new(kind, null, reply) { Description = Call([reply], member) };
    }

    private static SimpleAction Drop(
        string name, byte? hops, IReadOnlyList<object?> arguments, [CallerMemberName] string member = "") => new(
        name,
        RulePhases.Connection | RulePhases.Session | RulePhases.Content | RulePhases.ResponseContent | RulePhases.Request | RulePhases.Response,
        context =>
        {
            context.Session.Connection?.HideAbort(hops);
            return End(context, Dropped);
        },
        isFinal: true)
    {
        Description = Call(arguments, member),
    };

    private static Description Call(IReadOnlyList<object?> arguments, [CallerMemberName] string member = "") =>
        new(typeof(RuleActions), member, arguments);

    private static RuleOutcome End(RuleContext context, RuleVerdict verdict)
    {
        context.Verdict = verdict;
        return RuleOutcome.Final;
    }
}
