using System.Net;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Transport;
using ProxyKit.Transport.ProxyProtocol;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Checks;

/// <summary>One check under way: its connection, what has come on it, and the time it has.</summary>
internal sealed class CheckRun : IDisposable
{
    private readonly CheckPlan _plan;
    private readonly CheckEnvironment _environment;
    private readonly WorkLimit _limit;
    private readonly ServerState _server;
    private Connection? _connection;
    private byte[]? _buffer;
    private bool _lingers;
    private RuleContext? _context;
    private ResponseHead? _response; // in _buffer
    private int _bodyStart;

    public CheckRun(CheckPlan plan, CheckEnvironment environment, WorkLimit limit, ServerState server)
    {
        _plan = plan;
        _environment = environment;
        _limit = limit;
        _server = server;
    }

    public CheckPlan Plan => _plan;

    /// <summary>The server.</summary>
    public Server Server => _server.Current;

    /// <summary>What has come since something was sent.</summary>
    public ReadOnlySpan<byte> Received => _buffer.AsSpan(0, Length);

    /// <summary>The array behind <see cref="Received"/>, for parsers; there is one once something has come.</summary>
    public byte[] Buffer => _buffer ??= _environment.Pool.RentHead();

    public int Length { get; private set; }

    /// <summary>Whether nothing more will come, or no more has room.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the time is up, or the check is given up.</summary>
    public bool IsTimeUp => _limit.Token.IsCancellationRequested;

    /// <summary>Whether the connection of the last step to open one is encrypted.</summary>
    public bool IsSecure { get; private set; }

    public bool IsConnected => _connection is not null;

    public CancellationToken Token => _limit.Token;

    /// <summary>What values are asked about: the check's variables, its server, and what has come by now.</summary>
    public RuleContext Look()
    {
        var context = _context ??= new RuleContext
        {
            Session = new RuleSession { AcceptedAt = _environment.Time.GetUtcNow() },
            Check = new CheckFacts(),
            Server = Server,
            Backend = _plan.Backend,
            IsInResponse = true,
        };
        context.Check!.Connection = _connection; // made above
        context.Response = _response;
        context.ResponseBody = _response is null ? default : new CheckedBody(_response, _buffer.AsSpan(_bodyStart, Length - _bodyStart), IsOver).Bytes.ToArray();
        context.Responded = _response is null ? _buffer.AsMemory(0, Length) : default;
        context.ResetScratch();
        return context;
    }

    /// <summary>What the server is told of its state, where it is.</summary>
    public string DescribeState() => HealthText.StateFor(_server, _plan.NodeName);

    /// <summary>Opens a connection in the place of the one before.</summary>
    /// <returns>What came of it; null where there is one.</returns>
    public async ValueTask<CheckResult?> ConnectAsync(
        EndPoint endPoint, ProxyProtocolVersion? proxyProtocol, TlsClientContext? tls, string? hostName, bool lingers, bool goesBySocks4)
    {
        Close();
        _lingers = lingers;
        if (endPoint is DnsEndPoint && _plan.Server.IsNowhere)
        {
            return new CheckResult(CheckStatus.Layer4Failed, 0, TextOf(TransportError.NameNotResolved)); // it has just lost its address
        }

        _limit.Set(_plan.LimitOfConnect);
        var proxy = goesBySocks4 ? _plan.Server.Socks4Proxy : null;
        var isSameFamily = _plan.Source is null || (proxy ?? endPoint).AddressFamily == _plan.Source.AddressFamily;
        var options = new ConnectOptions { EndPoint = endPoint, Source = isSameFamily ? _plan.Source : null, Interface = _plan.Interface };
        var result = proxy is not null
            ? await Socks4.ConnectAsync(_environment.Transport, proxy, options, _limit).ConfigureAwait(false)
            : await _environment.Transport.ConnectAsync(options, _limit.Token).ConfigureAwait(false);
        if (result.Connection is not { } connection)
        {
            return IsTimeUp || result.Error == TransportError.TimedOut ? new CheckResult(CheckStatus.Layer4TimedOut)
                : result.Error == TransportError.ResourceExhausted ? new CheckResult(CheckStatus.SocketError, 0, "Resource temporarily unavailable")
                : new CheckResult(CheckStatus.Layer4Failed, 0, TextOf(result.Error));
        }

        _limit.Watch(connection);
        if (proxyProtocol is { } version && (await connection.SendAsync(OwnHeader.Of(version, connection, _plan.TellsAddresses)).ConfigureAwait(false)) is { HasError: true } sent)
        {
            connection.Dispose();
            return IsTimeUp ? new CheckResult(CheckStatus.Layer4TimedOut) : new CheckResult(CheckStatus.Layer4Failed, 0, TextOf(sent.Error));
        }

        IsSecure = tls is not null;
        if (tls is not null)
        {
            result = await tls.ConnectAsync(connection, hostName, _limit.Token).ConfigureAwait(false);
            if (result.Connection is null)
            {
                return IsTimeUp ? new CheckResult(CheckStatus.Layer6TimedOut)
                    : new CheckResult(CheckStatus.Layer6Failed, 0, result.Error == TransportError.TlsCertificate
                        ? "SSL handshake failure (certificate verify failed)"
                        : "SSL handshake failure");
            }

            connection = result.Connection;
        }

        _connection = connection;
        _limit.Watch(connection); // the one over TLS, where it is
        BeginPhase();
        return IsTimeUp ? new CheckResult(CheckStatus.Layer4TimedOut) : null;
    }

    /// <summary>Sends, and forgets what had come.</summary>
    /// <returns>Whether all of it is on its way.</returns>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        Forget();
        BeginPhase();
        return !(await _connection!.SendAsync(bytes).ConfigureAwait(false)).HasError; // connected: scripts begin with that
    }

    /// <summary>Waits for more to come; <see cref="IsOver"/> and <see cref="IsTimeUp"/> say how it ended.</summary>
    public async ValueTask ReceiveAsync()
    {
        if (Length == Buffer.Length)
        {
            IsOver = true; // who has said nothing to the point by then will not
            return;
        }

        var received = await _connection!.ReceiveAsync(Buffer.AsMemory(Length)).ConfigureAwait(false); // connected, as above
        Length += received.Bytes;
        IsOver = received.HasError || received.IsEnd;
    }

    /// <summary>What has come is a response, as far as it goes: values can be asked of it until something is sent.</summary>
    /// <param name="response">Its head.</param>
    /// <param name="bodyStart">Where behind it the body begins in <see cref="Received"/>.</param>
    public void Note(ResponseHead response, int bodyStart) => (_response, _bodyStart) = (response, bodyStart);

    /// <summary>A step that has a limit of its own begins.</summary>
    public void BeginPhase()
    {
        if (_plan.PhaseLimit is { } limit && !IsTimeUp)
        {
            _limit.Set(limit);
        }
    }

    public void Dispose()
    {
        Close();
        _context?.Reset();
        if (_buffer is not null)
        {
            _environment.Pool.Return(_buffer);
        }
    }

    private static string TextOf(TransportError error) => error switch
    {
        TransportError.Refused => "Connection refused",
        TransportError.Reset => "Connection reset by peer",
        TransportError.Unreachable => "No route to host",
        TransportError.NameNotResolved => "Name or service not known",
        _ => "General socket error",
    };

    /// <summary>Broken off, a connection leaves nothing behind in the system; checks are many.</summary>
    private void Close()
    {
        _limit.Watch(null);
        if (_connection is { } connection)
        {
            if (!_lingers)
            {
                connection.Abort();
            }

            connection.Dispose();
        }

        _connection = null;
        Forget();
    }

    private void Forget()
    {
        _response = null;
        Length = 0;
        IsOver = false;
    }
}
