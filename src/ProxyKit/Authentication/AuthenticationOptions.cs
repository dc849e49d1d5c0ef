using ProxyKit.Identities;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Authentication;

/// <summary>Who may come in, and what he may do. HTTP only.</summary>
/// <remarks>Behind the frontend's own rules, so that those can turn away whom they like without any of this being asked, and before the
/// routes. Of several schemes the first one decides that the request has credentials of: a good key does not make up for a bad token.</remarks>
public sealed class AuthenticationOptions
{
    /// <summary>The ways for clients to say who they are. A request that is excepted from all of them passes, as nobody.</summary>
    /// <value>Empty by default: nobody is asked.</value>
    public IList<AuthenticationSchemeOptions> Schemes { get; } = [];

    /// <summary>What those need who had to say who they are; all that apply to a request have to be met, or it is refused with 403.</summary>
    public IList<RequirementOptions> Requirements { get; } = [];

    /// <summary>Which requests may be made with which scopes; null, the default, for no such table.</summary>
    public ScopePolicy? Policy { get; set; }

    /// <summary>What those are asked who have passed, and what is done then: rules for requests, which know the claims.</summary>
    public IList<RuleOptions> Rules { get; } = [];

    /// <summary>What is protected, as challenges call it.</summary>
    /// <value>Null by default: the frontend's name. No quotes, backslashes and control characters.</value>
    public string? Realm { get; set; }

    /// <summary>The status of a refusal for want of good credentials: 401, which asks for them, or 403, which does not.</summary>
    /// <value>401 by default.</value>
    public int RefusalStatus { get; set; } = 401;

    /// <summary>Whether the body of a refusal says the reason, as plain text; else it is the error page of the status.</summary>
    /// <value>False by default.</value>
    public bool TellsReason { get; set; }

    /// <summary>Whether paths are taken that a server may take for another path: with dots for segments, empty segments, backslashes, or escapes of
    /// what needs none or separates (RFC 3986 §6.2.2). Conditions compare paths as they came, so that <c>/auth/../api</c> is excepted with
    /// <c>/auth/*</c>; allow them only where no path decides who is asked for what.</summary>
    /// <value>False by default: such a request is answered 400.</value>
    public bool AllowsAmbiguousPaths { get; set; }

    /// <summary>Refusals of one's own, by reason; their own status counts.</summary>
    public IDictionary<AuthenticationFault, Reply> Replies { get; } = new Dictionary<AuthenticationFault, Reply>();
}
