using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Authentication;

/// <summary>Finds out who a request is from, or refuses it: the first rule behind those of the frontend.</summary>
/// <param name="options">What is wanted.</param>
/// <param name="keysOf">The keys of an issuer.</param>
internal sealed class AuthenticateAction(AuthenticationOptions options, Func<IssuerKeysSettings, IssuerKeys> keysOf) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => "authenticate";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var setup = new SchemeSetup(compiler, keysOf);
        var refusals = new RefusalSet(options, compiler, compiler.Frontend?.Name ?? "");
        var schemes = new Scheme[options.Schemes.Count];
        foreach (var (index, scheme) in options.Schemes.Index())
        {
            try
            {
                var authenticator = scheme.Create(setup);
                schemes[index] = new(authenticator, scheme.Unless?.Compile(compiler), refusals.Of(authenticator));
            }
            catch (FormatException e)
            {
                throw new RuleFaultException($"scheme {index + 1} > {e.Message}", e);
            }
        }

        var gate = new Gate(
            schemes,
            refusals.OfNobody(schemes.Select(static s => s.Authenticator)),
            options.AllowsAmbiguousPaths ? null : refusals.OfAmbiguousPath());
        return new(gate.Run, gate.RunAsync);
    }

    /// <param name="Authenticator">Knows its clients.</param>
    /// <param name="Unless">What is not asked for it.</param>
    /// <param name="Refusals">What clients get, by reason.</param>
    private sealed record Scheme(Authenticator Authenticator, Condition? Unless, RuleVerdict[] Refusals);

    /// <summary>What the schemes have said against a request so far.</summary>
    /// <param name="By">The one whose reason counts; null where none found credentials of its own.</param>
    /// <param name="Fault">The reason.</param>
    /// <param name="IsAsked">Whether any was asked.</param>
    private readonly record struct Refusal(Scheme? By, AuthenticationFault Fault, bool IsAsked)
    {
        /// <summary>Whether another scheme may still believe what one has refused: only one that takes the same credentials, such as the tokens of
        /// another issuer.</summary>
        public bool LeavesTo(Scheme next) =>
            By is null || (By.Authenticator.ChallengeScheme is { } name && name == next.Authenticator.ChallengeScheme);

        /// <summary>With what another one says. Of several reasons the one counts that is about the credentials, not about whose they are; and before
        /// them all that nobody can be asked just now, since the credentials may be good.</summary>
        public Refusal And(Scheme scheme, AuthenticationFault fault) => fault == AuthenticationFault.MissingCredentials ? this with { IsAsked = true }
            : By is null || WeightOf(fault) > WeightOf(Fault) ? new Refusal(scheme, fault, true)
            : this;

        private static int WeightOf(AuthenticationFault fault) => fault switch
        {
            AuthenticationFault.IssuerUnavailable or AuthenticationFault.Busy => 2,
            AuthenticationFault.MalformedCredentials or AuthenticationFault.UnsupportedAlgorithm or AuthenticationFault.WrongType
                or AuthenticationFault.UnknownKey or AuthenticationFault.BadSignature or AuthenticationFault.WrongIssuer or AuthenticationFault.EncryptedToken => 0,
            _ => 1,
        };
    }

    /// <summary>The schemes, ready to be asked.</summary>
    private sealed class Gate(Scheme[] schemes, RuleVerdict nobody, RuleVerdict? ambiguous)
    {
        public RuleOutcome Run(RuleContext context)
        {
            if (ambiguous is not null && !CanonicalPath.Is(context.Request!.PathBytes)) // this list is about exchanges
            {
                return Refuse(context, AuthenticationFault.AmbiguousPath, ambiguous);
            }

            var refusal = default(Refusal);
            foreach (var scheme in schemes)
            {
                if (IsExcepted(scheme, context) || !refusal.LeavesTo(scheme))
                {
                    continue;
                }

                var outcome = scheme.Authenticator.Authenticate(context);
                if (outcome.MustWait)
                {
                    return RuleOutcome.Wait;
                }

                if (outcome.Principal is not null)
                {
                    return Admit(context, outcome.Principal);
                }

                refusal = refusal.And(scheme, outcome.Fault);
            }

            return refusal.IsAsked ? Refuse(context, in refusal) : RuleOutcome.Next;
        }

        /// <summary>Comes to the same scheme again, since the request is still the same.</summary>
        public async ValueTask<RuleOutcome> RunAsync(RuleContext context, IRuleHost host)
        {
            var refusal = default(Refusal);
            foreach (var scheme in schemes)
            {
                if (IsExcepted(scheme, context) || !refusal.LeavesTo(scheme))
                {
                    continue;
                }

                var outcome = scheme.Authenticator.Authenticate(context);
                if (outcome.MustWait)
                {
                    outcome = await scheme.Authenticator.AuthenticateAsync(context, host.GivenUp).ConfigureAwait(false);
                }

                if (outcome.Principal is not null)
                {
                    return Admit(context, outcome.Principal);
                }

                refusal = refusal.And(scheme, outcome.Fault);
            }

            return Refuse(context, in refusal);
        }

        private static bool IsExcepted(Scheme scheme, RuleContext context) => scheme.Unless?.Evaluate(context) == Truth.True;

        private static RuleOutcome Admit(RuleContext context, ClientPrincipal principal)
        {
            context.Exchange!.Principal = principal; // this list is about exchanges
            return RuleOutcome.Next;
        }

        private RuleOutcome Refuse(RuleContext context, in Refusal refusal) => refusal.By is { } scheme
            ? Refuse(context, refusal.Fault, scheme.Refusals[(int)refusal.Fault])
            : Refuse(context, AuthenticationFault.MissingCredentials, nobody);

        private static RuleOutcome Refuse(RuleContext context, AuthenticationFault fault, RuleVerdict verdict)
        {
            context.AuthenticationFault = fault;
            context.Verdict = verdict;
            return RuleOutcome.Final;
        }
    }
}
