using ProxyKit.Http;

namespace ProxyKit.Rules.Actions;

/// <summary>Has each request wait for its body before rules are asked, within the frontend's limit on heads. HAProxy:
/// <c>option http-buffer-request</c>.</summary>
internal sealed class BufferRequestAction : RuleAction
{
    internal override string Entity => "http-buffer-request";

    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => "option http-buffer-request";

    internal override CompiledAction Compile(RuleCompiler compiler) => new(
        static context => context.IsRequestBodyComplete || context.Request is { Framing: BodyFraming.None } ? RuleOutcome.Next : RuleOutcome.Wait,
        static async (context, host) =>
        {
            var end = await host.WaitForBodyAsync(null, context.Frontend?.RequestHeadTimeout).ConfigureAwait(false);
            if (end == BodyWait.Done)
            {
                host.EndRequestBuffering();
            }

            return WaitForBodyAction.OutcomeOf(end, context);
        });
}
