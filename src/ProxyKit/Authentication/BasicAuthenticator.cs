using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.UserLists;
using ProxyKit.Transport;

namespace ProxyKit.Authentication;

/// <summary>Believes names with their passwords (RFC 7617). To look at a password takes milliseconds: that is done by so many threads at once as leave
/// half of the processors to others, for so many requests as do not wait long, and what was right is remembered.</summary>
/// <param name="list">The users.</param>
/// <param name="rememberFor">How long what was right is remembered; null for not at all.</param>
/// <param name="time">The clock; where it is put back, what is remembered grows no younger.</param>
[SuppressMessage("Design", "CA1001", Justification = "Requests may use it until the last of them is gone, which the collector sees.")]
internal sealed class BasicAuthenticator(UserList list, TimeSpan? rememberFor, TimeProvider time) : Authenticator
{
    private const int MostBytes = 1024; // of a name and a password together
    private const int MostWaiting = 256; // one who guesses passwords makes others wait no longer than it takes to look at so many

    private readonly SteadyClock _steady = new(time); // which stands still where the machine does, so the time of day counts too
    private readonly TokenCache? _cache = rememberFor is null ? null : new TokenCache(4096);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32); // so that what is remembered tells nothing to one who reads it
    private readonly SemaphoreSlim _atWork = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    public override string? ChallengeScheme => "Basic";

    public override AuthenticationOutcome Authenticate(RuleContext context)
    {
        if (FindCredentials(context, "basic"u8, out var text) is not AuthenticationFault.None and var none)
        {
            return AuthenticationOutcome.Refused(none);
        }

        Span<byte> hash = stackalloc byte[TokenCache.HashLength];
        HMACSHA256.HashData(_key, text, hash);
        return _cache?.Find(hash, _steady.GetUtcNow().UtcTicks, time.GetUtcNow().UtcTicks) is { } known ? AuthenticationOutcome.Of(known) : AuthenticationOutcome.Waits;
    }

    public override async ValueTask<AuthenticationOutcome> AuthenticateAsync(RuleContext context, CancellationToken cancellationToken)
    {
        FindCredentials(context, "basic"u8, out var found);
        var text = found.ToArray();
        if (!await TryEnterAsync(cancellationToken).ConfigureAwait(false))
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.Busy); // too many, or given up so that nobody will see it
        }

        try
        {
            return await Task.Run(() => Check(text), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _atWork.Release();
        }
    }

    private async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                return false;
            }

            var turn = _atWork.WaitAsync(cancellationToken);
            await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return turn.IsCompletedSuccessfully;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private AuthenticationOutcome Check(byte[] text)
    {
        Span<byte> buffer = stackalloc byte[MostBytes];
        if (text.Length > MostBytes || Base64.DecodeFromUtf8(text, buffer, out _, out var length) != OperationStatus.Done)
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.MalformedCredentials);
        }

        var colon = buffer[..length].IndexOf((byte)':');
        if (colon < 0)
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.MalformedCredentials);
        }

        var name = buffer[..colon];
        if (!list.IsRightTellingNothing(name, buffer[(colon + 1)..length]))
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.WrongPassword);
        }

        var principal = PrincipalOf(Encoding.UTF8.GetString(name), list.GroupsOf(name).ToArray());
        if (_cache is not null)
        {
            Span<byte> hash = stackalloc byte[TokenCache.HashLength];
            HMACSHA256.HashData(_key, text, hash);
            var now = _steady.GetUtcNow().UtcTicks;
            var age = rememberFor!.Value.Ticks; // or there would be no cache
            _cache.Add(hash, principal, null, now, now + age, time.GetUtcNow().UtcTicks + age);
        }

        return AuthenticationOutcome.Of(principal);
    }

    private static ClientPrincipal PrincipalOf(string name, byte[][] groups) => new("basic", ClaimSet.Of(writer =>
    {
        writer.WriteString("sub", name);
        writer.WriteStartArray("groups");
        foreach (var group in groups)
        {
            writer.WriteStringValue(group);
        }

        writer.WriteEndArray();
    }));
}
