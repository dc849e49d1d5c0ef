using ProxyKit.Identities;
using ProxyKit.Rules;

namespace ProxyKit.Authentication;

/// <summary>Believes the signed tokens of an issuer (RFC 7519, RFC 8725) that clients bring as bearers (RFC 6750).</summary>
internal sealed class JwtAuthenticator : Authenticator
{
    private readonly TimeProvider _time;
    private readonly VerificationKey[] _keys;
    private readonly IssuerKeys[] _issuers;
    private readonly TokenRules _rules;
    private readonly TokenCache? _cache;
    private readonly UniversalHash? _hash; // of tokens, for the cache
    private readonly SignatureAlgorithm[]? _algorithms; // null for all that the keys allow
    private readonly int _maxBytes;

    /// <param name="options">What is wanted; checked.</param>
    /// <param name="keys">The keys that the configuration has.</param>
    /// <param name="issuers">Where to get others.</param>
    /// <param name="time">The clock.</param>
    public JwtAuthenticator(JwtOptions options, VerificationKey[] keys, IssuerKeys[] issuers, TimeProvider time)
    {
        (_keys, _issuers, _time) = (keys, issuers, time);
        _rules = new TokenRules(options);
        (_cache, _hash) = options.CacheSize is { } size ? (new TokenCache(size), new UniversalHash(options.MaxTokenBytes)) : default;
        _algorithms = options.Algorithms.Count == 0 ? null : [.. SignatureAlgorithm.All.Where(a => options.Algorithms.Contains(a.Name))];
        _maxBytes = options.MaxTokenBytes;
    }

    public override string? ChallengeScheme => "Bearer";

    public override bool TellsError => true;

    public override AuthenticationOutcome Authenticate(RuleContext context) => Authenticate(context, mayWait: true);

    public override async ValueTask<AuthenticationOutcome> AuthenticateAsync(RuleContext context, CancellationToken cancellationToken)
    {
        foreach (var issuer in _issuers)
        {
            // The asking goes on for others where this one is given up.
            await issuer.LearnAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Authenticate(context, mayWait: false);
    }

    private AuthenticationOutcome Authenticate(RuleContext context, bool mayWait)
    {
        if (FindCredentials(context, "bearer"u8, out var text) is not AuthenticationFault.None and var none)
        {
            return AuthenticationOutcome.Refused(none);
        }

        if (text.Length > _maxBytes)
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.OversizedToken);
        }

        Span<byte> hash = stackalloc byte[TokenCache.HashLength];
        var now = _time.GetUtcNow();
        _hash?.Compute(text, hash);
        if (_cache?.Find(hash, now.UtcTicks) is { } known)
        {
            return AuthenticationOutcome.Of(known);
        }

        var room = JsonWebToken.BufferLength(text.Length);
        var fault = JsonWebToken.TryRead(text, context.Scratch.Rent(room), out var token);
        if (fault == AuthenticationFault.None)
        {
            fault = _rules.CheckHeader(token.Type);
        }

        if (fault != AuthenticationFault.None)
        {
            return AuthenticationOutcome.Refused(fault);
        }

        var learnt = TimesLearnt();
        fault = FindKey(token, context.Scratch.Rent(room), out var key, out var source);
        if (key is null)
        {
            return fault == AuthenticationFault.UnsupportedAlgorithm ? AuthenticationOutcome.Refused(fault) : Unverified(fault, mayWait, learnt);
        }

        fault = token.TryReadClaims(out var claims);
        if (fault == AuthenticationFault.None)
        {
            fault = _rules.Check(claims, now, out var expiresAt);
            if (source is not null && fault == AuthenticationFault.None && !source.Speaks(claims))
            {
                fault = AuthenticationFault.WrongIssuer; // an issuer's keys sign for nobody else (RFC 8725 §3.8)
            }

            if (fault == AuthenticationFault.None)
            {
                var principal = new ClientPrincipal("jwt", claims, expiresAt == DateTimeOffset.MaxValue ? null : expiresAt);
                _cache?.Add(hash, principal, key, now.UtcTicks, expiresAt.UtcTicks);
                return AuthenticationOutcome.Of(principal);
            }
        }

        return AuthenticationOutcome.Refused(fault);
    }

    /// <summary>What becomes of a token that no known key has signed: an issuer may have a new one.</summary>
    /// <param name="fault">Why there is none.</param>
    /// <param name="mayWait">Whether to look again once the issuers were asked.</param>
    /// <param name="learnt">How often keys were had when it was looked for: those that came meanwhile have not been looked through.</param>
    private AuthenticationOutcome Unverified(AuthenticationFault fault, bool mayWait, int learnt)
    {
        var (lacksAny, mayLearn) = (false, false);
        foreach (var issuer in _issuers)
        {
            mayLearn |= (fault == AuthenticationFault.UnknownKey || !issuer.IsLoaded) && issuer.MayLearn;
            lacksAny |= !issuer.IsLoaded;
        }

        // Asked last: keys that come before this are counted, and those that come later were being asked for.
        if (mayWait && (mayLearn || TimesLearnt() != learnt))
        {
            return AuthenticationOutcome.Waits; // perhaps for nothing, but looks again
        }

        return AuthenticationOutcome.Refused(lacksAny ? AuthenticationFault.IssuerUnavailable : fault);
    }

    private int TimesLearnt()
    {
        var times = 0;
        foreach (var issuer in _issuers)
        {
            times += issuer.TimesLearnt;
        }

        return times;
    }

    /// <summary>Finds the key that has signed a token: the algorithm must be one for the key, which is what keeps a public key from being taken for a
    /// secret.</summary>
    /// <returns>Why there is none.</returns>
    private AuthenticationFault FindKey(in JsonWebToken token, Span<byte> buffer, out VerificationKey? key, out IssuerKeys? source)
    {
        (key, source) = (null, null);
        if (_algorithms is not null && Array.IndexOf(_algorithms, token.Algorithm) < 0)
        {
            return AuthenticationFault.UnsupportedAlgorithm;
        }

        var (tries, triesByName) = (JwtOptions.MostKeysTried, JwtOptions.MostKeysTried);
        var (isTried, isNamesake) = (false, false);
        var (isAllowed, isNamed, isKnown) = (false, false, token.KeyId.IsEmpty || _issuers.Length == 0);
        for (var i = -1; i < _issuers.Length; i++)
        {
            foreach (var candidate in i < 0 ? _keys : _issuers[i].Known)
            {
                isAllowed |= candidate.Allows(token.Algorithm);
                if (!(token.KeyId.IsEmpty || candidate.Id.Length == 0 || token.KeyId.SequenceEqual(candidate.Id)))
                {
                    continue;
                }

                var isItsOwn = !token.KeyId.IsEmpty && candidate.Id.Length > 0; // which nameless ones before it are not to keep from being tried
                (isNamed, isKnown) = (true, isKnown || isItsOwn);
                if (!candidate.Allows(token.Algorithm) || (isItsOwn ? triesByName-- : tries--) <= 0)
                {
                    continue;
                }

                (isTried, isNamesake) = (true, isNamesake || isItsOwn);
                if (token.IsSignedBy(candidate, buffer))
                {
                    (key, source) = (candidate, i < 0 ? null : _issuers[i]);
                    return AuthenticationFault.None;
                }
            }
        }

        return (tries < 0 && !isNamesake && isKnown) || triesByName < 0 ? AuthenticationFault.AmbiguousKey // one of those that were not tried may be its own
            : isTried && isKnown ? AuthenticationFault.BadSignature // else its key may be one that an issuer has only now
            : _issuers.Length == 0 && (isNamed || !isAllowed) ? AuthenticationFault.UnsupportedAlgorithm // no key is for it
            : AuthenticationFault.UnknownKey;
    }
}
