using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Transport;

namespace ProxyKit.Authentication;

/// <summary>Believes the tokens that their issuer says are in force (RFC 7662).</summary>
[SuppressMessage("Design", "CA1001", Justification = "Requests may use it until the last of them is gone, which the collector sees.")]
internal sealed class IntrospectionAuthenticator : Authenticator
{
    private const int MostBytes = 64 * 1024;

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/="u8); // RFC 6750 §2.1

    private static readonly ClientPrincipal Inactive = new("introspection", ClaimSet.None); // what is remembered of a token that is not in force

    private readonly IntrospectionOptions _options;
    private readonly TimeProvider _time;
    private readonly SteadyClock _steady; // says with _time how old an answer is: one may be put back, the other stands still where the machine does
    private readonly TokenRules _rules;
    private readonly TokenCache _known; // tokens in force
    private readonly TokenCache _refused; // apart from them, so that one who makes tokens up drives none of them out
    private readonly SemaphoreSlim _atWork;
    private readonly Lock _lock = new(); // guards _asking
    private readonly Dictionary<string, Task<AuthenticationOutcome>> _asking = new(StringComparer.Ordinal); // by token: one question for all who bring it
    private readonly HttpClient _client;
    private readonly AuthenticationHeaderValue _credentials;

    public IntrospectionAuthenticator(IntrospectionOptions options, TimeProvider time)
    {
        (_options, _time, _steady) = (options, time, new SteadyClock(time));
        var wanted = new JwtOptions { AllowsNoExpiry = true };
        foreach (var audience in options.Audiences)
        {
            wanted.Audiences.Add(audience);
        }

        foreach (var claim in options.RequiredClaims)
        {
            wanted.RequiredClaims.Add(claim);
        }

        _rules = new TokenRules(wanted);
        _known = new TokenCache(options.CacheSize);
        _refused = new TokenCache(options.CacheSize);
        _atWork = new SemaphoreSlim(options.MaxConcurrency);
        _client = IssuerClient.Create(MostBytes);
        var pair = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}"; // RFC 6749 §2.3.1
        _credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    public override string? ChallengeScheme => "Bearer";

    public override bool TellsError => true;

    public override AuthenticationOutcome Authenticate(RuleContext context)
    {
        if (FindCredentials(context, "bearer"u8, out var token) is not AuthenticationFault.None and var none)
        {
            return AuthenticationOutcome.Refused(none);
        }

        if (token.Length > _options.MaxTokenBytes)
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.OversizedToken);
        }

        if (token.ContainsAnyExcept(TokenBytes))
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.MalformedCredentials);
        }

        Span<byte> hash = stackalloc byte[TokenCache.HashLength];
        SHA256.HashData(token, hash);
        var (now, wall) = (_steady.GetUtcNow().UtcTicks, _time.GetUtcNow().UtcTicks);
        return _known.Find(hash, now, wall) is { } known ? AuthenticationOutcome.Of(known)
            : _refused.Find(hash, now, wall) is not null ? AuthenticationOutcome.Refused(AuthenticationFault.InactiveToken)
            : AuthenticationOutcome.Waits;
    }

    public override async ValueTask<AuthenticationOutcome> AuthenticateAsync(RuleContext context, CancellationToken cancellationToken)
    {
        FindCredentials(context, "bearer"u8, out var found);
        var token = Encoding.ASCII.GetString(found);
        Task<AuthenticationOutcome>? asking;
        lock (_lock)
        {
            if (!_asking.TryGetValue(token, out asking))
            {
                _asking[token] = asking = Task.Run(() => FindOutAsync(token), CancellationToken.None); // it ends under the lock, so not before it is here
            }
        }

        // The asking goes on for others where this one is given up.
        await ((Task)asking).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asking.IsCompleted ? await asking.ConfigureAwait(false) : AuthenticationOutcome.Refused(AuthenticationFault.IssuerUnavailable);
    }

    private async Task<AuthenticationOutcome> FindOutAsync(string token)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        try
        {
            await _atWork.WaitAsync(limit.Token).ConfigureAwait(false);
            try
            {
                return Judge(token, await AskAsync(token, limit.Token).ConfigureAwait(false));
            }
            finally
            {
                _atWork.Release();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.IssuerUnavailable);
        }
        finally
        {
            lock (_lock)
            {
                _asking.Remove(token);
            }
        }
    }

    private async Task<byte[]> AskAsync(string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint)
        {
            Content = new FormUrlEncodedContent([new("token", token), new("token_type_hint", "access_token")]),
        };
        request.Headers.Authorization = _credentials;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    private AuthenticationOutcome Judge(string token, byte[] answer)
    {
        if (ClaimSet.TryParse(answer, out var claims) != JsonVerdict.Valid || !claims.TryFind("active"u8, out var active, out _))
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.IssuerUnavailable); // what it said is no answer
        }

        var (now, wall) = (_steady.GetUtcNow().UtcTicks, _time.GetUtcNow());
        var (until, wallUntil) = (now + _options.CacheFor.Ticks, wall.UtcTicks + _options.CacheFor.Ticks);
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(token));
        if (active != JsonKind.True)
        {
            _refused.Add(hash, Inactive, null, now, until, wallUntil);
            return AuthenticationOutcome.Refused(AuthenticationFault.InactiveToken);
        }

        var fault = _rules.Check(claims, wall, out var expiresAt);
        if (fault != AuthenticationFault.None)
        {
            return AuthenticationOutcome.Refused(fault);
        }

        var principal = new ClientPrincipal("introspection", claims, expiresAt == DateTimeOffset.MaxValue ? null : expiresAt);
        _known.Add(hash, principal, null, now, until, Math.Min(wallUntil, expiresAt.UtcTicks)); // its own end is by the time of day
        return AuthenticationOutcome.Of(principal);
    }
}
