using ProxyKit.Identities;

namespace ProxyKit.Authentication;

/// <summary>What a scheme says of a request: <see cref="Absent"/>, who it is from, why that is not believed, or <see cref="Waits"/>.</summary>
/// <param name="Principal">Who it is from; null otherwise.</param>
/// <param name="Fault">Why not.</param>
internal readonly record struct AuthenticationOutcome(ClientPrincipal? Principal, AuthenticationFault Fault)
{
    /// <summary>The request has no credentials of the scheme.</summary>
    public static AuthenticationOutcome Absent => new(null, AuthenticationFault.MissingCredentials);

    /// <summary>It cannot be said without waiting.</summary>
    public static AuthenticationOutcome Waits => default;

    public bool IsAbsent => Fault == AuthenticationFault.MissingCredentials;

    public bool MustWait => Principal is null && Fault == AuthenticationFault.None;

    public static AuthenticationOutcome Refused(AuthenticationFault fault) => new(null, fault);

    public static AuthenticationOutcome Of(ClientPrincipal principal) => new(principal, AuthenticationFault.None);
}
