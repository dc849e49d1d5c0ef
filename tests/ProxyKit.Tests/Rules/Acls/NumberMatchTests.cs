using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class NumberMatchTests
{
    [Theory]
    [InlineData("5", "5", true)]
    [InlineData("5", "6", false)]
    [InlineData("5:7", "5", true)]
    [InlineData("5:7", "7", true)]
    [InlineData("5:7", "8", false)]
    [InlineData("5:", "9223372036854775807", true)]
    [InlineData("5:", "4", false)]
    [InlineData(":5", "-9223372036854775808", true)]
    [InlineData(":5", "6", false)]
    [InlineData("1 3 5", "3", true)]
    [InlineData("1 3 5", "4", false)]
    [InlineData("1:2 10:20 15:16 30:", "19", true)]
    [InlineData("1:2 10:20 15:16 30:", "25", false)]
    [InlineData("-- -5", "-5", true)]
    [InlineData("-- -5:-1", "-3", true)]
    [InlineData("eq 5", "5", true)]
    [InlineData("ge 5", "5", true)]
    [InlineData("ge 5", "4", false)]
    [InlineData("gt 5", "5", false)]
    [InlineData("gt 5", "6", true)]
    [InlineData("le 5", "5", true)]
    [InlineData("le 5", "6", false)]
    [InlineData("lt 5", "5", false)]
    [InlineData("lt 5", "4", true)]
    [InlineData("lt 5 3", "4", true)]          // an operator is about all that follow
    [InlineData("ge 100 le 50", "60", false)]  // until another one
    [InlineData("ge 100 le 50", "40", true)]
    [InlineData("ge 100 le 50", "100", true)]
    [InlineData("gt 5:10", "5", true)]         // a range stays what it is
    [InlineData("gt 5:10", "60", false)]
    [InlineData("lt 5:10", "4", false)]
    [InlineData("-m int 5", "5", true)]
    [InlineData("-m str 5", "5", true)]
    [InlineData("-m str 05", "5", false)]
    [InlineData("-m len 2", "42", true)]
    [InlineData("-m bool", "3", true)]
    [InlineData("-m bool", "0", false)]
    public void Int_compares_numbers(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ xint {patterns} }}", value));

    [Theory]
    [InlineData("1.1", "65537", true)]
    [InlineData("1.1", "65536", false)]
    [InlineData("3.1:3.3", "196610", true)]
    [InlineData("3.1:3.3", "196612", false)]
    [InlineData("3.1:", "999999", true)]
    [InlineData("ge 3.1", "196608", false)]
    [InlineData("ge 3.1", "196609", true)]
    [InlineData("gt 3.1", "196609", false)]
    [InlineData("gt 3.1", "196610", true)]
    [InlineData("lt 3.0", "196607", true)] // 2.65535
    [InlineData("le 3.0", "196608", true)]
    public void A_number_with_a_dot_is_a_version(string patterns, string value, bool holds)
    {
        Assert.Equal(holds, Holds($"{{ xint {patterns} }}", value));
        Assert.Equal(holds, Holds($"{{ xver {patterns} }}", value));
    }

    [Fact]
    public void A_version_without_a_dot_is_a_major_one()
    {
        Assert.True(Holds("{ xver 3 }", "196608"));
        Assert.False(Holds("{ xver 3 }", "3"));
        Assert.True(Holds("{ xver gt 3 }", "196609"));
        Assert.False(Holds("{ xver gt 3 }", "196608"));
    }

    [Theory]
    [InlineData("12", true)]
    [InlineData("12x", true)]
    [InlineData("x12", false)]
    [InlineData("", false)]
    public void Int_compares_the_number_that_text_begins_with(string value, bool holds) =>
        Assert.Equal(holds, Holds("{ x -m int 12 }", value));

    [Theory]
    [InlineData("{ xbool }", "1", true)]
    [InlineData("{ xbool }", "0", false)]
    [InlineData("{ xbool 0 }", "0", false)] // patterns are not looked at
    [InlineData("{ x -m bool }", "12x", true)]
    [InlineData("{ x -m bool }", "true", false)]
    [InlineData("{ xbool -m int 1 }", "1", true)]
    [InlineData("{ xbool -m str 1 }", "1", true)]
    public void Bool_holds_for_what_is_not_0(string condition, string value, bool holds) => Assert.Equal(holds, Holds(condition, value));

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.2.3/16", "10.1.9.9", true)] // bits behind the mask do not count
    [InlineData("10.0.0.0/255.0.0.0", "10.9.9.9", true)]
    [InlineData("10.0.5.0/255.0.255.0", "10.77.5.1", true)]
    [InlineData("10.0.5.0/255.0.255.0", "10.77.6.1", false)]
    [InlineData("0.0.0.0/0", "1.2.3.4", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "1.2.3.4", true)]         // as mapped, every IPv4 address is in it
    [InlineData("::ffff:9.0.0.0/104", "9.1.1.1", true)]
    [InlineData("::ffff:9.0.0.0/104", "8.1.1.1", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("1.2.3.4 10.0.0.0/8 192.168.0.0/16", "192.168.3.1", true)]
    [InlineData("255.255.255.255", "255.255.255.255", true)]
    [InlineData("ffff::/16", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    public void Ip_holds_for_members_of_networks(string patterns, string value, bool holds)
    {
        Assert.Equal(holds, Holds($"{{ xip {patterns} }}", value));
        Assert.Equal(holds, Holds($"{{ x -m ip {patterns} }}", value));
    }

    [Theory]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("::10.1.2.3", true)]
    [InlineData("2002:a01:203::", true)]
    [InlineData("2003:a01:203::", false)]
    public void An_IPv6_address_with_one_of_IPv4_in_it_is_that_too(string value, bool holds) =>
        Assert.Equal(holds, Holds("{ xip6 10.0.0.0/8 }", value));

    [Fact]
    public void A_name_stands_for_its_address_unless_told()
    {
        Assert.True(Holds("{ xip localhost }", "127.0.0.1"));
        Assert.Equal("'localhost' is not a valid IPv4 or IPv6 address", Fault("{ xip -n localhost }"));
    }

    [Fact]
    public void A_name_is_asked_for_when_the_list_is_made_and_not_later()
    {
        using var file = new TempFile("localhost\n");
        var compiler = new ProxyKit.Rules.RuleCompiler();
        var condition = Condition($"{{ xip -f {file.Path} }}", compiler);
        var list = ProxyKit.Rules.Acls.PatternFile.For(compiler, file.Path);

        Assert.False(list.Add("localhost.localdomain"u8));
        for (var i = 0; i < 100; i++)
        {
            Assert.True(list.Add(System.Text.Encoding.ASCII.GetBytes($"10.0.0.{i}")));
        }

        Assert.True(condition.Holds(Exchange("127.0.0.1")));
        Assert.True(condition.Holds(Exchange("10.0.0.99")));
    }
}
