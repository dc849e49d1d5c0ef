using System.Net;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Runtime.Explaining;

/// <summary>The exchange of a described request: it has its head, and goes no further.</summary>
internal sealed class ExplainedExchange : HttpExchange
{
    private readonly string _frontend;
    private string? _backend;

    public ExplainedExchange(string frontend, ExampleRequest request, IPEndPoint destination, bool isSecure)
    {
        _frontend = frontend;
        (ClientEndPoint, IsSecure) = (request.Source, isSecure);
        Session = new RuleSession
        {
            Source = request.Source,
            Destination = destination,
            ConnectionSource = request.Source,
            ConnectionDestination = destination,
            IsSecure = isSecure,
        };
    }

    /// <summary>The connection that it comes by.</summary>
    public RuleSession Session { get; }

    public override string FrontendName => _frontend;

    public override string? BackendName => _backend;

    public override string? ServerName => null;

    private protected override EndPoint? FindLocalEndPoint() => Session.Destination;

    public void Route(string backend) => _backend = backend;

    /// <summary>Whether its fields announce a body.</summary>
    public static bool AnnouncesBody(RequestHead request) =>
        request.Framing == BodyFraming.Chunked || (request.Framing == BodyFraming.Length && request.ContentLength > 0);
}
