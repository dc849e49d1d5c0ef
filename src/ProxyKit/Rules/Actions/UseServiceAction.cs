using ProxyKit.Http;

namespace ProxyKit.Rules.Actions;

/// <summary>Hands requests to a user's service.</summary>
internal sealed class UseServiceAction(string name, Func<HttpExchange, CancellationToken, ValueTask<Reply>> code) : RuleAction
{
    private readonly CompiledAction _compiled = Compile($"<{name}>", code);

    /// <summary>What it decides where the service is not asked, so that nobody knows what it would say.</summary>
    public RuleVerdict Unasked { get; } = new(VerdictKind.Reply, 200) { Service = $"<{name}>" };

    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => $"use-service {name}";

    internal override CompiledAction Compile(RuleCompiler compiler) => _compiled;

    private static CompiledAction Compile(string shown, Func<HttpExchange, CancellationToken, ValueTask<Reply>> code) => new(
        static _ => RuleOutcome.Wait,
        async (context, host) =>
        {
            var reply = await code(context.Exchange!, host.GivenUp).ConfigureAwait(false); // the list is about exchanges
            context.Verdict = new RuleVerdict(VerdictKind.Reply, reply.Status, reply.Fixed()) { Service = shown };
            return RuleOutcome.Final;
        });
}
