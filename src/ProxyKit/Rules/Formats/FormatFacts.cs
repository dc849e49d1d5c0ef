using ProxyKit.Logging;

namespace ProxyKit.Rules.Formats;

/// <summary>What aliases are about: an exchange, and how far it has come, described once for all of them.</summary>
internal readonly ref struct FormatFacts
{
    public readonly RuleContext Context;

    public readonly ExchangeRecord Record; // a field, since a property would copy it at each use

    /// <summary>Where the text is on its way; dates are local there.</summary>
    public readonly TimeZoneInfo Zone;

    public FormatFacts(RuleContext context, scoped in ExchangeRecord record, TimeZoneInfo zone)
    {
        Context = context;
        Record = record;
        Zone = zone;
    }

    /// <summary>When the client was accepted, which for a later request of a connection is when the one before it was done.</summary>
    public DateTimeOffset AcceptedAt => Record.AcceptedAt == default ? Record.StartedAt : Record.AcceptedAt;

    /// <summary>What is known by now.</summary>
    public static ExchangeRecord Describe(RuleContext context) => context.Host is { } host ? host.Describe() : Outside(context);

    /// <summary>Of something that is no running exchange: a connection that has no stream yet, a check.</summary>
    public static ExchangeRecord Outside(RuleContext context)
    {
        var frontend = context.Frontend?.Name ?? context.Exchange?.FrontendName ?? "";
        return new ExchangeRecord
        {
            IsHttp = context.Request is not null,
            StartedAt = context.Session.AcceptedAt,
            Client = context.SourceEndPoint,
            Frontend = frontend,
            IsSecure = context.Session.IsSecure,
            Backend = context.Backend?.Name ?? frontend,
            Server = context.Server?.Name,
            Timers = new(Request: -1, Queue: -1, Connect: -1, Response: -1, Active: 0, Total: 0),
            Status = 0,
            BytesFromServer = 0,
            BytesFromClient = 0,
            Cause = '-',
            Phase = '-',
            Concurrency = default,
            Retries = 0,
            Redispatched = false,
            RequestLine = context.Request is { } request ? request.StartLineBytes : default,
        };
    }
}
