using System.Text;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Authentication;

/// <summary>What those get who are refused, made ready for each reason.</summary>
internal sealed class RefusalSet
{
    private readonly AuthenticationOptions _options;
    private readonly RuleCompiler _compiler;
    private readonly string _realm;

    /// <param name="options">What is wanted.</param>
    /// <param name="compiler">Finds what replies name.</param>
    /// <param name="realm">What is protected.</param>
    public RefusalSet(AuthenticationOptions options, RuleCompiler compiler, string realm) =>
        (_options, _compiler, _realm) = (options, compiler, (options.Realm ?? realm).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));

    /// <summary>The refusals of a scheme, by their reasons.</summary>
    /// <exception cref="RuleFaultException">A reply names something that is not there.</exception>
    public RuleVerdict[] Of(Authenticator scheme) => [.. Enum.GetValues<AuthenticationFault>().Select(fault => Of(fault, [ChallengeOf(scheme, fault)]))];

    /// <summary>The refusal of those who brought nothing that any scheme knows.</summary>
    /// <exception cref="RuleFaultException">A reply names something that is not there.</exception>
    public RuleVerdict OfNobody(IEnumerable<Authenticator> schemes) =>
        Of(AuthenticationFault.MissingCredentials, [.. schemes.Select(s => ChallengeOf(s, AuthenticationFault.MissingCredentials)).Distinct()]);

    /// <summary>The refusal of somebody who is known, but may not.</summary>
    /// <param name="scopes">What would be needed.</param>
    /// <exception cref="RuleFaultException">A reply names something that is not there.</exception>
    public RuleVerdict OfScopes(IEnumerable<string> scopes)
    {
        var needed = string.Join(' ', scopes);
        var error = $"error=\"insufficient_scope\"{(needed.Length > 0 ? $", scope=\"{needed}\"" : "")}";
        var takesTokens = _options.Schemes.Any(static s => s is JwtOptions or IntrospectionOptions); // a challenge asks for what would be taken
        return Of(AuthenticationFault.InsufficientScope, takesTokens ? [$"Bearer realm=\"{_realm}\", {error}"] : []);
    }

    /// <summary>The refusal of a path that servers may take for another one.</summary>
    /// <exception cref="RuleFaultException">A reply names something that is not there.</exception>
    public RuleVerdict OfAmbiguousPath() => Of(AuthenticationFault.AmbiguousPath, []);

    private string? ChallengeOf(Authenticator scheme, AuthenticationFault fault) => scheme.ChallengeScheme is not { } name ? null
        : fault is AuthenticationFault.MissingCredentials || !scheme.TellsError ? $"{name} realm=\"{_realm}\""
        : $"{name} realm=\"{_realm}\", error=\"invalid_token\", error_description=\"{AuthenticationFaults.TextOf(fault)}\"";

    private RuleVerdict Of(AuthenticationFault fault, IReadOnlyList<string?> challenges)
    {
        var status = fault switch
        {
            AuthenticationFault.IssuerUnavailable or AuthenticationFault.Busy => 503,
            AuthenticationFault.InsufficientScope => 403,
            AuthenticationFault.AmbiguousPath => 400,
            _ => _options.RefusalStatus,
        };
        var asks = status == 401 || (fault == AuthenticationFault.InsufficientScope && _options.RefusalStatus == 401);
        string[] asked = asks ? [.. challenges.OfType<string>()] : [];
        status = status == 401 && asked.Length == 0 ? 403 : status; // 401 has to say what is asked for (RFC 9110 §15.5.2); a certificate cannot be
        if (_options.Replies.TryGetValue(fault, out var own))
        {
            return new(VerdictKind.Deny, own.Status, (own.Status == 401 ? With(own, asked) : own).Compile(_compiler));
        }

        if (_options.TellsReason)
        {
            return new(VerdictKind.Deny, status, With(Reply.Text($"{AuthenticationFaults.TextOf(fault)}.\n", "text/plain", status), asked).Compile(_compiler));
        }

        return new(VerdictKind.Deny, status, asked.Length > 0 ? new ChallengeReply(status, "www-authenticate", asked) : null);
    }

    private static Reply With(Reply reply, string[] challenges) =>
        reply.IsMessage ? reply : challenges.Aggregate(reply, static (r, challenge) => r.WithHeader("www-authenticate", challenge));
}
