using System.Text;

namespace ProxyKit.Testing;

/// <summary>An issuer of tokens over HTTP: its metadata (OpenID Connect Discovery 1.0) and its keys, which a test changes, and which it takes away
/// for a time.</summary>
public sealed class OpenIdServer : IAsyncDisposable
{
    private readonly Lock _lock = new(); // guards the fields below
    private readonly WireOrigin _origin;
    private string _keys = """{"keys":[]}""";
    private string? _metadata;
    private bool _isAway;
    private int _keyRequests;
    private TaskCompletionSource? _held;

    /// <summary>Starts on a free port, without keys.</summary>
    public OpenIdServer() => _origin = WireOrigin.Start(AnswerAsync);

    /// <summary>The issuer, as its tokens have it.</summary>
    public string Issuer => $"http://127.0.0.1:{_origin.Port}/";

    /// <summary>Where its keys are.</summary>
    public string KeysUrl => $"{Issuer}keys";

    /// <summary>How often its keys were asked for.</summary>
    public int KeyRequests
    {
        get
        {
            lock (_lock)
            {
                return _keyRequests;
            }
        }
    }

    /// <summary>Publishes keys in the place of those there are.</summary>
    public void Publish(params TestKey[] keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Publish($$"""{"keys":[{{string.Join(',', keys.Select(static k => k.Jwk))}}]}""");
    }

    /// <summary>Publishes whatever it is.</summary>
    public void Publish(string json)
    {
        lock (_lock)
        {
            _keys = json;
        }
    }

    /// <summary>Says something else of itself than what is true.</summary>
    public void Describe(string metadata)
    {
        lock (_lock)
        {
            _metadata = metadata;
        }
    }

    /// <summary>Answers with errors from now on.</summary>
    public void GoAway()
    {
        lock (_lock)
        {
            _isAway = true;
        }
    }

    /// <summary>Answers again.</summary>
    public void ComeBack()
    {
        lock (_lock)
        {
            _isAway = false;
        }
    }

    /// <summary>Keeps those waiting who ask for keys from now on.</summary>
    /// <returns>What lets them have them.</returns>
    public Action Hold()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _held = held;
        }

        return () =>
        {
            lock (_lock)
            {
                _held = null;
            }

            held.TrySetResult();
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private async Task AnswerAsync(WireExchange exchange)
    {
        var isAboutKeys = exchange.Request.StartLine.Contains("/keys", StringComparison.Ordinal);
        Task? held;
        lock (_lock)
        {
            _keyRequests += isAboutKeys ? 1 : 0;
            held = isAboutKeys ? _held?.Task : null;
        }

        await (held ?? Task.CompletedTask);
        string? body;
        lock (_lock)
        {
            body = _isAway ? null
                : isAboutKeys ? _keys
                : _metadata ?? $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{KeysUrl}}"}""";
        }

        await (body is null
            ? exchange.AnswerAsync("HTTP/1.1 503 Service Unavailable", "Content-Length: 0", "", "")
            : exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Type: application/json", $"Content-Length: {Encoding.UTF8.GetByteCount(body)}", "", body));
    }
}
