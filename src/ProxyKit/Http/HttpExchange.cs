using System.Net;
using ProxyKit.Identities;

namespace ProxyKit.Http;

/// <summary>
/// One request and its response, as a user's condition, strategy or policy sees it. Valid while the call that it was handed to runs: the
/// object and the buffers behind it serve the next exchange afterwards.
/// </summary>
/// <remarks>The abstract face stands here, below the data path that implements it, so that rules and balancing can name it without
/// knowing how an exchange is run.</remarks>
public abstract class HttpExchange
{
    private protected HttpExchange()
    {
    }

    /// <summary>The request's head.</summary>
    public RequestHead Request { get; private protected set; } = new();

    /// <summary>The response's head; null until it has arrived.</summary>
    public ResponseHead? Response { get; private protected set; }

    /// <summary>The client's address; null for a client on a unix socket.</summary>
    public IPAddress? ClientAddress => (ClientEndPoint as IPEndPoint)?.Address;

    /// <summary>The client's address and port, or what its transport has instead.</summary>
    public EndPoint? ClientEndPoint { get; private protected set; }

    /// <summary>The address and port the client connected to.</summary>
    public EndPoint? LocalEndPoint => FindLocalEndPoint();

    /// <summary>Whether the client came over TLS.</summary>
    public bool IsSecure { get; private protected set; }

    /// <summary>Who the client is, where the frontend asks for that and it was verified; null before, and for requests that are excepted.</summary>
    public ClientPrincipal? Principal { get; internal set; }

    /// <summary>The name of the frontend the request came in at.</summary>
    public abstract string FrontendName { get; }

    /// <summary>The name of the backend that the request was routed to; null before.</summary>
    public abstract string? BackendName { get; }

    /// <summary>The name of the server that was picked last; null before.</summary>
    public abstract string? ServerName { get; }

    /// <summary>The name of the client's tier; null where it has none, or nobody asked yet.</summary>
    public virtual string? Tier => null;

    /// <summary>Asked only where somebody wants to know, since the system has to be asked.</summary>
    private protected virtual EndPoint? FindLocalEndPoint() => null;
}
