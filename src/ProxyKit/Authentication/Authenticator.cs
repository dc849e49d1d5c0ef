using System.Text;
using ProxyKit.Http;
using ProxyKit.Identities;
using ProxyKit.Rules;

namespace ProxyKit.Authentication;

/// <summary>Finds out who a request is from, by one scheme. Used by several threads at once.</summary>
internal abstract class Authenticator
{
    /// <summary>The name of the scheme in challenges (RFC 9110 §11.3); null for one that nobody can be asked for.</summary>
    public abstract string? ChallengeScheme { get; }

    /// <summary>Whether the scheme says in its challenges what was wrong (RFC 6750 §3).</summary>
    public virtual bool TellsError => false;

    /// <summary>Looks at the request, as far as that needs no waiting.</summary>
    public abstract AuthenticationOutcome Authenticate(RuleContext context);

    /// <summary>The same where that came to <see cref="AuthenticationOutcome.Waits"/>.</summary>
    public virtual ValueTask<AuthenticationOutcome> AuthenticateAsync(RuleContext context, CancellationToken cancellationToken) =>
        new(Authenticate(context));

    /// <summary>Looks for the one Authorization field of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme, in any case.</param>
    /// <param name="credentials">What stands behind it.</param>
    /// <returns>None for credentials of the scheme; else why there are none.</returns>
    private protected static AuthenticationFault FindCredentials(RuleContext context, ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> credentials)
    {
        credentials = default;
        var index = context.Request?.Headers.IndexOf(KnownHeader.Authorization) ?? -1;
        if (index < 0)
        {
            return AuthenticationFault.MissingCredentials;
        }

        var headers = context.Request!.Headers; // it has an index
        var value = headers.ValueAt(index);
        var space = value.IndexOf((byte)' ');
        if (!Ascii.EqualsIgnoreCase(space < 0 ? value : value[..space], scheme))
        {
            return AuthenticationFault.MissingCredentials;
        }

        credentials = space < 0 ? default : value[space..].Trim((byte)' ');
        return credentials.IsEmpty || headers.IndexOf(KnownHeader.Authorization, index + 1) >= 0
            ? AuthenticationFault.MalformedCredentials // of two, the server may take the one that was not looked at
            : AuthenticationFault.None;
    }
}
