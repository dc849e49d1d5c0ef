using System.Buffers;
using System.Net;
using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Tests.Exchanges;

public sealed class SentProxyHeaderTests
{
    [Theory]
    [InlineData(ProxyProtocolVersion.Text, "192.0.2.7:51000")]
    [InlineData(ProxyProtocolVersion.Text, "[2001:db8::7]:51000")]
    [InlineData(ProxyProtocolVersion.Binary, "192.0.2.7:51000")]
    public void Header_of_a_request_on_a_kept_connection_costs_no_memory(ProxyProtocolVersion version, string source)
    {
        var context = new RuleContext
        {
            Session = new RuleSession { Source = IPEndPoint.Parse(source), Destination = IPEndPoint.Parse(source) },
        };
        var facts = version == ProxyProtocolVersion.Binary ? ProxyProtocolFacts.Checksum | ProxyProtocolFacts.Tls : ProxyProtocolFacts.None;
        var header = new SentProxyHeader(new ProxyProtocolOptions { Version = version, Facts = facts }, [], Value.Parse("ssl_c_verify").Compile(new RuleCompiler()));

        Allocations.AssertNone(() => ArrayPool<byte>.Shared.Return(header.Rent(context, out _)));
    }
}
