using ProxyKit.Identities;

namespace ProxyKit.Authentication;

/// <summary>The reasons for refusals in words, for logs, challenges and bodies.</summary>
internal static class AuthenticationFaults
{
    /// <summary>A sentence without its full stop; ASCII, and without quotes.</summary>
    public static string TextOf(AuthenticationFault fault) => fault switch
    {
        AuthenticationFault.MissingCredentials => "Credentials are needed",
        AuthenticationFault.MalformedCredentials => "The credentials are malformed",
        AuthenticationFault.OversizedToken => "The token is too long",
        AuthenticationFault.EncryptedToken => "The token is encrypted",
        AuthenticationFault.CriticalExtension => "The token has a critical extension",
        AuthenticationFault.UnsupportedAlgorithm => "The algorithm of the token is not allowed",
        AuthenticationFault.WrongType => "The token is of the wrong type",
        AuthenticationFault.UnknownKey => "The key of the token is not known",
        AuthenticationFault.AmbiguousKey => "The token does not say which of many keys is its own",
        AuthenticationFault.BadSignature => "The signature of the token is wrong",
        AuthenticationFault.DuplicateClaim => "The token has a claim twice",
        AuthenticationFault.Expired => "The token has expired",
        AuthenticationFault.MissingExpiry => "The token does not say when it expires",
        AuthenticationFault.NotYetValid => "The token is not valid yet",
        AuthenticationFault.WrongIssuer => "The issuer of the token is not the right one",
        AuthenticationFault.WrongAudience => "The token is meant for somebody else",
        AuthenticationFault.MissingClaim => "The token lacks a claim that is needed",
        AuthenticationFault.WrongPassword => "The name or the password is wrong",
        AuthenticationFault.UnknownApiKey => "The key is not known",
        AuthenticationFault.UntrustedCertificate => "The certificate does not hold",
        AuthenticationFault.UnknownCertificate => "The certificate is not known",
        AuthenticationFault.InactiveToken => "The token is not in force",
        AuthenticationFault.IssuerUnavailable => "The token cannot be verified at the moment",
        AuthenticationFault.InsufficientScope => "The request needs more than was granted",
        AuthenticationFault.Busy => "Too many passwords wait to be looked at",
        AuthenticationFault.AmbiguousPath => "The path can be read in more than one way",
        _ => "The request is not allowed",
    };
}
