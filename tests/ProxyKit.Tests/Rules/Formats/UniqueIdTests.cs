using System.Net;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Formats;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class UniqueIdTests
{
    private static readonly LoggedExchange Exchange = new()
    {
        Client = IPEndPoint.Parse("192.0.2.8:40112"),
        StartedAt = DateTimeOffset.FromUnixTimeSeconds(0x691F5A3F),
        Number = 42,
    };

    [Theory]
    [InlineData("%{+X}o %ci:%cp-%Ts-%rt", "C0000208:9CB0-691F5A3F-002A")]
    [InlineData("%{+X}o%ci:%cp_%fi:%fp_%Ts_%rt", "C0000208:9CB0_C6336404:20FB_691F5A3F_002A")]
    [InlineData("a  b %[t.none] c", "a b  c")]
    [InlineData("%{+Q}[t.str(\\n)]", "%0A")]
    public void An_exchange_is_named_by_the_format(string format, string expected)
    {
        var context = ContextOf(format);

        Assert.Equal(expected, Encoding.Latin1.GetString(context.Frontend!.UniqueId!.For(context)));
        Assert.Equal(expected, FormatBench.Write("%ID", context));
        Assert.Equal($"\"{expected}\"", FormatBench.Write("%{+Q}ID", context, FormatUse.Header));
    }

    [Fact]
    public void The_name_is_made_once()
    {
        var host = new FormatHost(Exchange);
        var context = ContextOf("%ci", host);

        Assert.Equal("192.0.2.8 192.0.2.8", FormatBench.Write("%ID %ID", context));
        Assert.Equal(2, host.Descriptions); // for the line, and for the name
        context.Session.Source = IPEndPoint.Parse("10.0.0.1:1");
        Assert.Equal("192.0.2.8", FormatBench.Write("%ID", context));
    }

    [Fact]
    public void The_next_exchange_has_another_name()
    {
        var context = ContextOf("%ci");
        var id = context.Frontend!.UniqueId!;
        Assert.Equal("192.0.2.8", Encoding.Latin1.GetString(id.For(context)));

        context.Reset();
        context.Host = new FormatHost(Exchange with { Client = IPEndPoint.Parse("10.0.0.1:1") });

        Assert.Equal("10.0.0.1", Encoding.Latin1.GetString(id.For(context)));
    }

    [Fact]
    public void A_long_name_is_cut_after_127_bytes() =>
        Assert.Equal(new string('x', 127), FormatBench.Write("%ID", ContextOf($"%[t.str({new string('x', 200)})]")));

    [Fact]
    public void A_format_that_asks_for_the_name_itself_finds_none() => Assert.Equal("<>", FormatBench.Write("%ID", ContextOf("<%ID>")));

    [Fact]
    public void The_formats_of_a_frontend_are_made_ready_together()
    {
        var facts = FormatBench.Facts();
        var formats = FrontendFormats.Compile(
            ProxyMode.Http,
            new FormatTexts("%ci %ID", "%ci %[t.str(bad)]", "%cp-%rt", "X-Id"),
            FormatBench.Language,
            new RuleCompiler { Frontend = facts });
        var context = FormatBench.ContextOf(Exchange);
        context.Frontend = facts;

        Assert.Equal("192.0.2.8 40112-42", FormatBench.Write(formats.AccessLog!, context));
        Assert.Equal("192.0.2.8 bad", FormatBench.Write(formats.ErrorLog!, context));
        Assert.Equal("X-Id", Encoding.ASCII.GetString(facts.UniqueId!.Field!));
    }

    [Fact]
    public void A_frontend_that_says_nothing_has_the_ordinary_lines()
    {
        var facts = FormatBench.Facts();
        var formats = FrontendFormats.Compile(ProxyMode.Http, default, FormatBench.Language, new RuleCompiler { Frontend = facts });

        Assert.Null(formats.AccessLog);
        Assert.Null(formats.ErrorLog);
        Assert.Null(facts.UniqueId);
    }

    [Theory]
    [InlineData(ProxyMode.Http, " 0/0 {} \"GET /v1/x?y=1 HTTP/1.1\"")]
    [InlineData(ProxyMode.Tcp, " 12/11/4/2/0 0/0")]
    public void A_frontend_that_captures_has_lines_with_a_place_for_it(ProxyMode mode, string expected)
    {
        var facts = FormatBench.Facts(Capture.RequestSlot(4));
        var formats = FrontendFormats.Compile(mode, default, FormatBench.Language, new RuleCompiler { Frontend = facts });
        var context = FormatBench.ContextOf(Exchange);
        context.Frontend = facts;

        Assert.EndsWith(expected, FormatBench.Write(formats.AccessLog!, context), StringComparison.Ordinal);
    }

    [Fact]
    public void The_place_of_a_format_decides_what_it_may_ask()
    {
        var compiler = new RuleCompiler { Frontend = FormatBench.Facts(), Stages = RuleStages.BackendRequest };

        FrontendFormats.Compile(ProxyMode.Http, new(null, null, "%[t.request]", null), FormatBench.Language, compiler);
        Assert.Throws<RuleFaultException>(() => FrontendFormats.Compile(
            ProxyMode.Http, new("%[t.request]", null, null, null), FormatBench.Language, compiler));
        Assert.Throws<RuleFaultException>(() => FrontendFormats.Compile(
            ProxyMode.Tcp, new("%HM", null, null, null), FormatBench.Language, compiler));
        Assert.Equal(RuleStages.BackendRequest, compiler.Stages);
    }

    private static RuleContext ContextOf(string format, FormatHost? host = null)
    {
        var context = FormatBench.ContextOf(host ?? new FormatHost(Exchange), Exchange);
        context.Frontend!.UniqueId = new UniqueId(FormatBench.Compile(format, FormatUse.UniqueId), "X-Unique-Id");
        return context;
    }
}
