using System.Net;
using ProxyKit.Rules;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.ProxyProtocol;

namespace ProxyKit.Tests.Rules;

public sealed class RuleSessionTests
{
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:192.0.2.1")]
    public void The_source_is_what_it_was_put_to_last(string address)
    {
        var session = new RuleSession { Source = Of("198.51.100.7") };
        Assert.Equal("198.51.100.7", SourceOf(session));

        session.Source = Of(address);

        Assert.Equal(address.Replace("::ffff:", "", StringComparison.Ordinal), SourceOf(session));
    }

    [Fact]
    public void The_source_of_a_proxy_header_takes_its_place()
    {
        var session = new RuleSession { Source = Of("198.51.100.7") };
        Assert.Equal("198.51.100.7", SourceOf(session));

        session.TakeAddresses(new ProxyHeader(Of("192.0.2.9"), Of("192.0.2.10"), []));

        Assert.Equal("192.0.2.9", SourceOf(session));
    }

    [Fact]
    public void There_is_no_source_until_there_is_one()
    {
        var session = new RuleSession();
        Assert.Null(SourceOf(session));

        session.Source = Of("192.0.2.9");

        Assert.Equal("192.0.2.9", SourceOf(session));
    }

    [Fact]
    public void What_a_rule_of_the_exchange_puts_goes_before_it()
    {
        var exchange = TestExchange.For("/").From("192.0.2.9");
        Assert.Equal("192.0.2.9", SourceOf(exchange.Context));

        exchange.Context.OverrideSource(Of("203.0.113.5"));

        Assert.Equal("203.0.113.5", SourceOf(exchange.Context));
        Assert.Equal("192.0.2.9", SourceOf(exchange.Context.Session));
    }

    private static IPEndPoint Of(string address) => new(IPAddress.Parse(address), 4711);

    private static string? SourceOf(RuleSession session)
    {
        var sample = default(Sample);
        return session.TryGetSource(ref sample) ? sample.ToString() : null;
    }

    private static string? SourceOf(RuleContext context)
    {
        var sample = default(Sample);
        return context.TryGetSource(ref sample) ? sample.ToString() : null;
    }
}
