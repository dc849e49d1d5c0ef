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
                throw new RuleFaultException(e.Message, e);
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

    /// <summary>The schemes, ready to be asked.</summary>
    private sealed class Gate(Scheme[] schemes, RuleVerdict nobody, RuleVerdict? ambiguous)
    {
        public RuleOutcome Run(RuleContext context)
        {
            if (ambiguous is not null && !CanonicalPath.Is(context.Request!.PathBytes)) // this list is about exchanges
            {
                return Refuse(context, AuthenticationFault.AmbiguousPath, ambiguous);
            }

            var isAsked = false;
            foreach (var scheme in schemes)
            {
                if (IsExcepted(scheme, context))
                {
                    continue;
                }

                isAsked = true;
                var outcome = scheme.Authenticator.Authenticate(context);
                if (!outcome.IsAbsent)
                {
                    return outcome.MustWait ? RuleOutcome.Wait : Conclude(context, scheme, outcome);
                }
            }

            return isAsked ? Refuse(context, AuthenticationFault.MissingCredentials, nobody) : RuleOutcome.Next;
        }

        /// <summary>Comes to the same scheme again, since the request is still the same.</summary>
        public async ValueTask<RuleOutcome> RunAsync(RuleContext context, IRuleHost host)
        {
            foreach (var scheme in schemes)
            {
                if (IsExcepted(scheme, context))
                {
                    continue;
                }

                var outcome = scheme.Authenticator.Authenticate(context);
                if (outcome.MustWait)
                {
                    outcome = await scheme.Authenticator.AuthenticateAsync(context, host.GivenUp).ConfigureAwait(false);
                }

                if (!outcome.IsAbsent)
                {
                    return Conclude(context, scheme, outcome);
                }
            }

            return Refuse(context, AuthenticationFault.MissingCredentials, nobody);
        }

        private static bool IsExcepted(Scheme scheme, RuleContext context) => scheme.Unless?.Evaluate(context) == Truth.True;

        private static RuleOutcome Conclude(RuleContext context, Scheme scheme, AuthenticationOutcome outcome)
        {
            if (outcome.Principal is null)
            {
                return Refuse(context, outcome.Fault, scheme.Refusals[(int)outcome.Fault]);
            }

            context.Exchange!.Principal = outcome.Principal; // this list is about exchanges
            return RuleOutcome.Next;
        }

        private static RuleOutcome Refuse(RuleContext context, AuthenticationFault fault, RuleVerdict verdict)
        {
            context.AuthenticationFault = fault;
            context.Verdict = verdict;
            return RuleOutcome.Final;
        }
    }
}
