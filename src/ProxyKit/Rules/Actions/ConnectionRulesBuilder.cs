using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit;

/// <summary>Writes rules that are asked when a connection was accepted, before TLS. HAProxy: <c>tcp-request connection</c>.</summary>
public sealed class ConnectionRulesBuilder : TcpRuleListBuilder<ConnectionRulesBuilder>
{
    internal ConnectionRulesBuilder(RuleSetOptions options)
        : base(options.Connection)
    {
    }

    /// <inheritdoc cref="RuleActions.ExpectProxyProtocol"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ConnectionRulesBuilder ExpectProxyProtocol(Condition? when = null) => Add(RuleActions.ExpectProxyProtocol, when);

    /// <inheritdoc cref="RuleActions.ExpectNetScalerHeader"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ConnectionRulesBuilder ExpectNetScalerHeader(Condition? when = null) => Add(RuleActions.ExpectNetScalerHeader, when);
}
