using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Formats;
using ProxyKit.StickTables;
using ProxyKit.Tool.CSharp;

namespace ProxyKit.Tool.Tests.CSharp;

public sealed class ValueCodeTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { true, "true" },
        { 5, "5" },
        { -5, "-5" },
        { long.MaxValue, "9223372036854775807L" },
        { 0.5, "0.5" },
        { 2d, "2d" },
        { '\'', @"'\''" },
        { "", "\"\"" },
        { "plain ü 😀", "\"plain ü 😀\"" },
        { "a \"b\" \\ \n\0\u200f", """
            "a \"b\" \\ \n\u0000\u200f"
            """ },
        { @"^/(\d+)$", """
            @"^/(\d+)$"
            """ },
        { new ReadOnlyMemory<byte>([.. "PING\r\n"u8]), "\"PING\\r\\n\"u8.ToArray()" },
        { new ReadOnlyMemory<byte>([0, 255]), "new byte[] { 0x00, 0xff }" },
        { KeyValuePair.Create("host", "a.example"), "new(\"host\", \"a.example\")" },
        { TimeSpan.Zero, "TimeSpan.Zero" },
        { TimeSpan.FromSeconds(90), "TimeSpan.FromSeconds(90)" },
        { TimeSpan.FromMinutes(120), "TimeSpan.FromHours(2)" },
        { TimeSpan.FromMilliseconds(1500), "TimeSpan.FromMilliseconds(1500)" },
        { TimeSpan.FromTicks(1), "TimeSpan.FromTicks(1)" },
        { ForwardedHeaders.XForwardedFor | ForwardedHeaders.Forwarded, "ForwardedHeaders.XForwardedFor | ForwardedHeaders.Forwarded" },
        { (ProxyMode)7, "(ProxyMode)7" },
        { new List<string> { "a", "b" }, "[\"a\", \"b\"]" },
        { new StickData(StickDataType.Counters, Count: 4), "new StickData(StickDataType.Counters, Count: 4)" },
        { new StickTableOptions { Name = "t", Size = 0 }, "new StickTableOptions { Name = \"t\", Size = 0 }" },
        { ProxyKit.Value.Text("100%"), "Value.Text(\"100%\")" },
        { ProxyKit.Value.Format("%ci"), "Value.Format(\"%ci\")" },
        { ProxyKit.Value.Format("%ci", use: FormatUse.Log), "Value.Format(\"%ci\", use: FormatUse.Log)" },
        { RuleActions.SetHeader("x-a", ProxyKit.Value.Format("b")), "RuleActions.SetHeader(\"x-a\", \"b\")" },
        { RuleActions.Allow, "RuleActions.Allow" },
        { RuleActions.Deny(), "RuleActions.Deny()" },
        { RuleActions.Challenge(asProxy: true), "RuleActions.Challenge(asProxy: true)" },
        { RedirectOptions.To("/a") with { Status = 301 }, "RedirectOptions.To(\"/a\") with { Status = 301 }" },
        { Reply.Empty().WithHeader("a", "b").WithHeader("c", "d"), "Reply.Empty().WithHeader(\"a\", \"b\").WithHeader(\"c\", \"d\")" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Value_is_written_as_one_would_write_it(object? value, string code)
    {
        var faults = new List<string>();

        Assert.Equal(code, new ValueWriter(new TypeNames(), faults).Write(value).Flat);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("is_api", "isApi")]
    [InlineData("static", "isStatic")]
    [InlineData("METH_UNSAFE", "isMethUnsafe")]
    [InlineData("hasCookie", "hasCookie")]
    [InlineData("island", "isIsland")]
    [InlineData("from-10.0.0.1", "isFrom10001")]
    [InlineData("-", "isAcl")]
    public void Acl_gets_a_name_that_csharp_takes(string acl, string name)
    {
        Assert.Equal(name, Names.OfCondition(acl, []));
    }

    [Fact]
    public void Comment_stays_on_its_line()
    {
        Assert.Equal("a?b? c.cfg:1", Literals.Comment("a\nb\u2028 c.cfg:1"));
    }

    [Fact]
    public void Proxy_with_code_in_it_is_a_fault_with_its_name()
    {
        var builder = new ProxyBuilder().AddFrontend("f", static f => f.OnRequest(static r => r.Run("my code", static _ => { })));

        ProxyWriter.Write(builder.Build(), "f", out var faults);

        Assert.Contains("'my code'", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_of_nothing_is_a_class_all_the_same()
    {
        Assert.EndsWith("public static void Configure(ProxyBuilder proxy) { }\n}\n", ProxyWriter.Write(new ProxyOptions(), "", out _), StringComparison.Ordinal);
    }
}
