using System.Net;
using System.Net.Sockets;
using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.ProxyProtocol;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Fetches;

/// <summary>The client's connection: both its ends as rules see them and as they are, the bind, the time.</summary>
internal static class ConnectionFetches
{
    private static readonly KeywordArgument Unit = Fetch.Optional("unit");

    public static IEnumerable<FetchKeyword> All =>
    [
        .. End("src", static context => context.SourceEndPoint, static (RuleContext context, ref Sample sample) => context.TryGetSource(ref sample)),
        .. End("dst", static context => context.DestinationEndPoint),
        .. End("fc_src", static context => context.Session.ConnectionSource),
        .. End("fc_dst", static context => context.Session.ConnectionDestination),
        Fetch.Of("so_id", SampleType.Integer, RuleStages.OfFrontend, static (RuleContext context, ref Sample sample) =>
            context.Session.Bind.Id > 0 && sample.Set(context.Session.Bind.Id)),
        Fetch.Of("so_name", SampleType.String, RuleStages.OfFrontend, static (RuleContext context, ref Sample sample) =>
            context.Session.Bind.Name is { } name && Fetch.SetText(context, ref sample, name)),
        Fetch.Volatile("dst_conn", SampleType.Integer, RuleStages.OfFrontend, static _ => static (RuleContext context, ref Sample sample) =>
            context.Session.Bind.Id > 0 && sample.Set(context.Session.Bind.Connections())),
        Fetch.Volatile(
            "accept_date", SampleType.Integer, RuleStages.OfClient, static use => Date(use, AcceptedAt), Unit),
        Fetch.Of(
            "request_date", SampleType.Integer, RuleStages.OfRequestKept, static use => Date(use, static context => context.Host?.StartedAt), Unit),
        Fetch.Of("fc_http_major", SampleType.Integer, RuleStages.OfClient, HttpMajor),
        Fetch.Of("fc_nb_streams", SampleType.Integer, RuleStages.OfClient, OneStream),
        Fetch.Of("fc_settings_streams_limit", SampleType.Integer, RuleStages.OfClientTls, OneStream),

        Fetch.Of("fs.id", SampleType.String, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            context.Session.Connection is not null && HasOneStream(context) && sample.SetString("0"u8)),
        Fetch.Of("bs.id", SampleType.Integer, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            context.ServerConnection is not null && sample.Set(0)),

        Fetch.Of("fc_glitches", SampleType.Integer, RuleStages.OfClient, static (RuleContext context, ref Sample sample) =>
            context.Host?.ClientGlitches is { } glitches && sample.Set(glitches)),
        Fetch.Of("bc_glitches", SampleType.Integer, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            context.Host?.ServerGlitches is { } glitches && sample.Set(glitches)),

        // Known as soon as it is noticed, which mostly is when the exchange ends by it.
        Fetch.Of("fs.aborted", SampleType.Boolean, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            context.Host is { } host && sample.Set(host.HasClientAborted)),
        Fetch.Of("bs.aborted", SampleType.Boolean, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            context.Host?.HasServerAborted is { } hasAborted && sample.Set(hasAborted)),

        // HTTP/1 has no frames that end a stream, and nothing to tell of one.
        Fetch.Of("fs.rst_code", SampleType.Integer, RuleStages.OfClientTls, static (RuleContext _, ref Sample _) => false),
        Fetch.Of("bs.rst_code", SampleType.Integer, RuleStages.OfServerConnection, static (RuleContext _, ref Sample _) => false),

        // Only the line about a connection that failed before there was a session has one.
        Fetch.Of("fc_err", SampleType.Integer, RuleStages.OfClient, static (RuleContext context, ref Sample sample) =>
            sample.Set(context.Session is { ProxyHeaderFault: not ProxyHeaderFault.None and var fault } ? (int)fault : (int)context.Session.Failure)),
        Fetch.Of("fc_err_name", SampleType.String, RuleStages.OfClient, static (RuleContext context, ref Sample sample) =>
            context.Session is { ProxyHeaderFault: not ProxyHeaderFault.None and var fault }
                ? sample.SetString(ProxyHeaderFaultText.NameOf(fault))
                : Fetch.SetText(context, ref sample, HandshakeFailures.NameOf(context.Session.Failure))),
        Fetch.Of("fc_err_str", SampleType.String, RuleStages.OfClient, static (RuleContext context, ref Sample sample) =>
            Fetch.SetText(context, ref sample, context.Session is { ProxyHeaderFault: not ProxyHeaderFault.None and var fault }
                ? ProxyHeaderFaultText.Of(fault)
                : HandshakeFailures.TextOf(context.Session.Failure))),

        .. AddressAndPort("bc_src", RuleStages.OfServerConnection, static context => context.Check is { } check ? check.Connection?.LocalEndPoint : context.Host?.Describe().ServerSource),
        .. AddressAndPort("bc_dst", RuleStages.OfServerConnection, static context => context.Check is { } check ? check.Connection?.Destination : context.Host?.Describe().ServerAddress),
    ];

    private static IEnumerable<FetchKeyword> AddressAndPort(
        string name, RuleStages stages, Func<RuleContext, EndPoint?> end, SampleFetch? address = null) =>
    [
        Fetch.Of(name, SampleType.Address, stages, address ?? ((RuleContext context, ref Sample sample) =>
            sample.Set((end(context) as IPEndPoint)?.Address))),
        Fetch.Of($"{name}_port", SampleType.Integer, stages, (RuleContext context, ref Sample sample) =>
            end(context) is IPEndPoint { Port: > 0 } ip && sample.Set(ip.Port)),
    ];

    private static IEnumerable<FetchKeyword> End(string name, Func<RuleContext, EndPoint?> end, SampleFetch? address = null) =>
    [
        .. AddressAndPort(name, RuleStages.OfClient, end, address),
        Fetch.Of($"{name}_is_local", SampleType.Boolean, RuleStages.OfClient, (RuleContext context, ref Sample sample) => end(context) switch
        {
            IPEndPoint ip => LocalAddresses.Contain(ip.Address) is { } isLocal && sample.Set(isLocal),
            UnixDomainSocketEndPoint => sample.Set(true),
            _ => false,
        }),
    ];

    /// <summary>When the client was accepted; for a later request of its connection, when the one before it was done.</summary>
    private static DateTimeOffset? AcceptedAt(RuleContext context)
    {
        if (context.Host is not { } host)
        {
            return context.Session.AcceptedAt;
        }

        var accepted = host.Describe().AcceptedAt;
        return accepted == default ? host.StartedAt : accepted;
    }

    private static SampleFetch Date(KeywordUse use, Func<RuleContext, DateTimeOffset?> time)
    {
        var unit = DateUnit.Parse(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) => time(context) is { } date && date != default && sample.Set(unit.CountOf(date));
    }

    /// <summary>The version on the wire; HTTP/1.0 is one of HTTP/1. None in TCP mode.</summary>
    private static bool HttpMajor(RuleContext context, ref Sample sample) => context.Exchange is { } exchange && sample.Set(exchange.Request.Protocol switch
    {
        HttpProtocol.Http2 => 2,
        HttpProtocol.Http3 => 3,
        _ => 1,
    });

    /// <summary>One, where the protocol has one stream only; of the others we do not know.</summary>
    private static bool OneStream(RuleContext context, ref Sample sample) => HasOneStream(context) && sample.Set(1);

    private static bool HasOneStream(RuleContext context) => context.Exchange?.Request.Protocol is not (HttpProtocol.Http2 or HttpProtocol.Http3);
}
