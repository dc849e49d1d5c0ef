using ProxyKit.Rules.Actions;

namespace ProxyKit;

/// <summary>Writes rules that are asked once per connection, behind its handshakes. HAProxy: <c>tcp-request session</c>.</summary>
public sealed class SessionRulesBuilder : TcpRuleListBuilder<SessionRulesBuilder>
{
    internal SessionRulesBuilder(RuleSetOptions options)
        : base(options.Session)
    {
    }
}
