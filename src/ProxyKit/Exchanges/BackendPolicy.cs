using Polly;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Queueing;
using ProxyKit.Resilience;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using ProxyKit.Stickiness;

namespace ProxyKit.Exchanges;

/// <summary>A backend of the running configuration with what the exchanges that come to it are asked.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Rules">Its rules.</param>
/// <param name="Pages">Its error pages; null for none of its own.</param>
/// <param name="Queue">Where they wait for its servers.</param>
internal sealed record BackendPolicy(Backend Backend, RuleSet Rules, ErrorPages? Pages, BackendQueue Queue)
{
    /// <summary>What binds them to its servers; null for nothing.</summary>
    public BackendStickiness? Stickiness { get; init; }

    /// <summary>The field with the client's address; null for none of its own.</summary>
    public AddressField? ForwardedFor { get; init; }

    /// <summary>The field with the address that the client has connected to; null for none of its own.</summary>
    public AddressField? OriginalTo { get; init; }

    /// <summary>The field of RFC 7239; null for none.</summary>
    public Rfc7239Field? Forwarded { get; init; }

    /// <summary>How fields of requests are written; null for as they are.</summary>
    public HeaderCase? RequestCase { get; init; }

    /// <summary>What requests get that only ask for something, by the names of the servers that do not get them; null for none.</summary>
    public Dictionary<string, RuleVerdict>? Redirects { get; init; }

    /// <summary>The circuits that stand before it.</summary>
    public BackendCircuit[] Circuits { get; init; } = [];

    /// <summary>Those of its servers; null for none.</summary>
    public BackendCircuit? ServerCircuit { get; init; }

    /// <summary>The strategies that a user has put around each attempt; null for none.</summary>
    public ResiliencePipeline<UpstreamResult>? Pipeline { get; init; }

    /// <summary>When a request goes to another server too; null for never.</summary>
    public HedgeOptions? Hedge { get; init; }

    /// <summary>Whose turn it is in the queue; null where nothing is shared out.</summary>
    public FairKey? FairKey { get; init; }

    /// <summary>What a server is told of each connection; null for nothing. It may be a server of a later configuration, for one who has waited.</summary>
    public static SentProxyHeader? ProxyHeaderOf(Server server) => ServerGreeting.Of(server)?.Header;

    /// <summary>The field that tells a server its own name; null for none.</summary>
    public byte[]? ServerNameField { get; init; }

    /// <summary>What a request brings along to the queue.</summary>
    public WaitTicket TicketOf(RuleContext context)
    {
        var ticket = new WaitTicket(context.Settings.PriorityClass, context.Settings.PriorityOffset);
        return FairKey is null ? ticket : FairKey.AddTo(ticket, context);
    }
}
