using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Tests.Rules.Acls;

namespace ProxyKit.Tests.Rules.Maps;

public sealed class MapConverterTests : IDisposable
{
    private readonly TempFile _text = new(
        "a 1\nabc  two  words\t \n# c\nab 3\na 9\nb/c 4\n/x/ 5\nex.com 6\n  lead 7\nnoval\nc 8\n");

    private readonly TempFile _expressions = new("^a(b*)(c)? <\\1|\\2|\\0|\\\\|\\9|\\z>\nz.*  zz\n^q(.*) \\1\\\n^h(.) \\x41\\1");
    private readonly TempFile _numbers = new("1:5 10\n3 30\n10: 100\n:0 -1\n7 70\n7 71\n");
    private readonly TempFile _networks = new(
        "10.0.0.0/8 eight\n10.1.0.0/16 sixteen\n10.1.2.3 host\n10.1.0.0/16 dup\n2001:db8::/32 v6\n::ffff:9.0.0.0/104 m9\n"
        + "10.0.5.0/255.0.255.0 odd\n172.0.5.0/255.0.255.0 holes\n0.0.0.0/1 half\n");

    private readonly TempFile _addresses = new("a 1.2.3.4\nb 2001:db8::1\nc ::ffff:1.2.3.4\n");

    public void Dispose()
    {
        foreach (var file in new[] { _text, _expressions, _numbers, _networks, _addresses })
        {
            file.Dispose();
        }
    }

    private static string? Get(string value, string converter, string file, RuleCompiler? compiler = null)
    {
        var sample = default(Sample);
        var exchange = TestExchange.For("/");
        var expression = Value.Parse($"text(\"{value}\"),{converter.Replace("$", file, StringComparison.Ordinal)}", AclLanguage.Create());
        return expression.Compile(compiler ?? new()).TryEvaluate(exchange.Context, ref sample) ? sample.ToString() : null;
    }

    // MON-17. What haproxy 2.6 gives for the same files.
    [Theory]
    [InlineData("a", "1", "1", "1", "1", "1")]
    [InlineData("abc", "two  words", "two  words", "1", "two  words", "two  words")]
    [InlineData("ab", "3", "3", "1", "3", "3")]
    [InlineData("abcd", null, "two  words", "1", null, null)]
    [InlineData("b/c", "4", "4", "4", "4", "4")]
    [InlineData("zb/c/d", null, null, "4", "8", "8")]
    [InlineData("a/b", null, "1", "1", "1", "1")]
    [InlineData("x/a/b?q", null, null, "1", "1", "1")]
    [InlineData("/a/", null, null, "1", "1", "1")]
    [InlineData("/x/y", null, "5", "5", "5", "5")]
    [InlineData("xx/x", null, null, null, "5", "5")]
    [InlineData("www.ex.com", null, null, "6", null, "6")]
    [InlineData("a.ex.com/z", null, "1", "1", null, "1")]
    [InlineData("exxcom.ex.comx", null, null, "6", null, null)]
    [InlineData("ex.com", "6", "6", "6", "6", "6")]
    [InlineData("lead", "7", "7", "1", "7", "7")]
    [InlineData("noval", "", "", "1", "", "")]
    [InlineData("A", null, null, null, null, null)]
    [InlineData("", null, null, null, null, null)]
    public void Text_is_looked_up_by_each_method(
        string value, string? exact, string? beg, string? sub, string? dir, string? dom)
    {
        Assert.Equal(exact, Get(value, "map($)", _text.Path));
        Assert.Equal(exact, Get(value, "map_str($)", _text.Path));
        Assert.Equal(beg, Get(value, "map_beg($)", _text.Path));
        Assert.Equal(sub, Get(value, "map_sub($)", _text.Path));
        Assert.Equal(dir, Get(value, "map_dir($)", _text.Path));
        Assert.Equal(dom, Get(value, "map_dom($)", _text.Path));
        Assert.Equal(EndOf(value), Get(value, "map_end($)", _text.Path));
    }

    /// <summary>The first line whose key the value ends with.</summary>
    private static string? EndOf(string value)
    {
        (string Key, string Value)[] lines =
            [("a", "1"), ("abc", "two  words"), ("ab", "3"), ("b/c", "4"), ("/x/", "5"), ("ex.com", "6"), ("lead", "7"), ("noval", ""), ("c", "8")];
        return Array.Find(lines, line => value.EndsWith(line.Key, StringComparison.Ordinal)).Value;
    }

    [Theory]
    [InlineData("abb", "<\\1|\\2|\\0|\\\\|\\9|\\z>", "<bb||abb|\\||z>")]
    [InlineData("abc", "<\\1|\\2|\\0|\\\\|\\9|\\z>", "<b|c|abc|\\||z>")]
    [InlineData("xyz", "zz", "zz")]
    [InlineData("q12", "\\1\\", "12\\")]
    [InlineData("hi", "\\x41\\1", "Ai")]
    [InlineData("b", null, null)]
    public void Expressions_are_looked_up_in_the_order_of_the_file(string value, string? plain, string? expanded)
    {
        Assert.Equal(plain, Get(value, "map_reg($)", _expressions.Path));
        Assert.Equal(expanded, Get(value, "map_regm($)", _expressions.Path));
    }

    [Fact]
    public void A_default_is_not_expanded() => Assert.Equal("\\1", Get("b", "map_regm($,'\\1')", _expressions.Path));

    [Fact]
    public void An_expansion_longer_than_a_result_may_be_is_no_value()
    {
        using var file = new TempFile("^(.*)$ \\1\\1\\1\n");
        Assert.Null(Get(new string('a', 6_000), "map_regm($)", file.Path));
        Assert.Equal(12_000, Get(new string('a', 4_000), "map_regm($)", file.Path)!.Length);
    }

    [Theory]
    [InlineData("3", "10")]   // the first line
    [InlineData("5", "10")]
    [InlineData("6", null)]
    [InlineData("7", "70")]
    [InlineData("60", "100")]
    [InlineData("0", "-1")]
    [InlineData("-5", "-1")]
    [InlineData("abc", "-1")] // the number of what begins with none is 0
    public void Numbers_are_looked_up_by_ranges(string value, string? found)
    {
        Assert.Equal(found, Get(value, "map_int($)", _numbers.Path));
        Assert.Equal(found, Get(value, "map_int_int($)", _numbers.Path));
    }

    [Theory]
    [InlineData("10.1.2.3", "host", "10.1.2.3")]
    [InlineData("10.1.9.9", "sixteen", "10.1.0.0/16")]
    [InlineData("10.9.9.9", "eight", "10.0.0.0/8")]
    [InlineData("10.9.5.1", "eight", "10.0.0.0/8")]
    [InlineData("172.9.5.1", "holes", "172.0.5.0/255.0.255.0")]
    [InlineData("9.1.1.1", "half", "0.0.0.0/1")]   // IPv4 networks before what is mapped
    [InlineData("::ffff:10.1.2.3", "host", "10.1.2.3")]
    [InlineData("2001:db8::1", "v6", "2001:db8::/32")]
    [InlineData("2001:db9::1", null, null)]
    [InlineData("200.1.1.1", null, null)]
    public void Addresses_are_looked_up_by_the_most_specific_network(string value, string? found, string? key)
    {
        Assert.Equal(found, Get(value, "map_ip($)", _networks.Path));
        Assert.Equal(key, Get(value, "map_ip_key($)", _networks.Path));
    }

    [Fact]
    public void What_is_no_address_has_no_value_be_there_a_default() => Assert.Null(Get("x", "map_ip($,none)", _networks.Path));

    [Theory]
    [InlineData("a", "map_str_ip($)", "1.2.3.4")]
    [InlineData("b", "map_str_ip($)", "2001:db8::1")]
    [InlineData("d", "map_str_ip($)", null)]
    [InlineData("d", "map_str_ip($,9.8.7.6)", "9.8.7.6")]
    [InlineData("abcd", "map_beg_ip($)", "1.2.3.4")]
    public void Values_may_be_addresses(string value, string converter, string? found) =>
        Assert.Equal(found, Get(value, converter, _addresses.Path));

    [Theory]
    [InlineData("zz", "map($,none)", "none")]
    [InlineData("zz", "map($,)", "")]
    [InlineData("zz", "map($)", null)]
    [InlineData("a", "map($,none)", "1")]
    [InlineData("abcd", "map_beg_key($)", "abc")]
    [InlineData("zz", "map_beg_key($)", null)]
    [InlineData("xlead", "map_end_key($)", "lead")]
    public void Defaults_stand_for_what_is_not_found(string value, string converter, string? found) =>
        Assert.Equal(found, Get(value, converter, _text.Path));

    [Theory]
    [InlineData("map_int_int($,-7)", "-7")]
    [InlineData("map_int_int($,)", null)]
    [InlineData("map_int_int($)", null)]
    public void Defaults_of_numbers_are_numbers(string converter, string? found) => Assert.Equal(found, Get("6", converter, _numbers.Path));

    [Theory]
    [InlineData("map_str_int($)", "invalid args in converter 'map_str_int' : unable to parse 'two  words' at line 2 of file '$'")]
    [InlineData("map_str_ip($)", "invalid args in converter 'map_str_ip' : unable to parse '1' at line 1 of file '$'")]
    [InlineData("map_ip($)", "invalid args in converter 'map_ip' : 'a' is not a valid IPv4 or IPv6 address at line 1 of file '$'")]
    [InlineData("map(/no/such/file)", "invalid args in converter 'map' : failed to open pattern file </no/such/file>")]
    [InlineData("map()", "invalid arg 1 in converter 'map' : missing arguments (got 0/1), type 'string' expected")]
    [InlineData("map", "invalid arg 1 in converter 'map' : missing arguments (got 0/1), type 'string' expected")]
    [InlineData("map($,a,b)", "converter 'map' : too many arguments (got 3, at most 2 expected)")]
    [InlineData("map_str_key($,a)", "converter 'map_str_key' : too many arguments (got 2, at most 1 expected)")]
    [InlineData("map_str_int($,foo)", "invalid arg 2 in converter 'map_str_int' : failed to parse 'foo' as type 'integer'")]
    [InlineData("map_regm_int($)", "unknown converter 'map_regm_int'; did you mean 'map_reg_int' maybe ?")]
    public void What_cannot_be_a_map_is_refused_with_its_reason(string converter, string fault) => Assert.Equal(
        fault.Replace("$", _text.Path, StringComparison.Ordinal),
        Assert.Throws<RuleFaultException>(() => Get("a", converter, _text.Path)).Message);

    [Fact]
    public void A_default_that_is_no_address_is_refused() => Assert.Equal(
        "invalid args in converter 'map_str_ip' : failed to parse 'zz' as type 'address'",
        Assert.Throws<RuleFaultException>(() => Get("a", "map_str_ip($,zz)", _addresses.Path)).Message);

    [Fact]
    public void A_value_written_in_hexadecimal_is_no_number()
    {
        using var file = new TempFile("a 1\nb 0x10\n");
        Assert.EndsWith($"unable to parse '0x10' at line 2 of file '{file.Path}'",
            Assert.Throws<RuleFaultException>(() => Get("a", "map_str_int($)", file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_changes_for_all_who_name_it()
    {
        var compiler = new RuleCompiler();
        Assert.Equal("10", Get("3", "map_int($)", _numbers.Path, compiler));
        Assert.Equal("10", Get("3", "map_int_int($)", _numbers.Path, compiler));
        var map = PatternFile.For(compiler, _numbers.Path);

        Assert.True(map.Set("1:5"u8, "20"u8));
        Assert.Equal("20", Get("3", "map_int($)", _numbers.Path, compiler));
        Assert.Equal("20", Get("3", "map_int_int($)", _numbers.Path, compiler));
        Assert.True(map.Set("6"u8, "60"u8));
        Assert.Equal("60", Get("6", "map_int($)", _numbers.Path, compiler));
        Assert.True(map.Remove("1:5"u8));
        Assert.Equal("30", Get("3", "map_int($)", _numbers.Path, compiler));
        Assert.False(map.Set("6"u8, "sixty"u8)); // somebody wants numbers
        Assert.False(map.Add("8"u8, "eight"u8));
        Assert.False(map.Set("six"u8, "6"u8));
        Assert.Equal("60", Get("6", "map_int($)", _numbers.Path, compiler));
    }

    [Fact]
    public void A_map_of_networks_changes()
    {
        var compiler = new RuleCompiler();
        Assert.Equal("host", Get("10.1.2.3", "map_ip($)", _networks.Path, compiler));
        var map = PatternFile.For(compiler, _networks.Path);
        Assert.True(map.Remove("10.1.2.3"u8));
        Assert.Equal("sixteen", Get("10.1.2.3", "map_ip($)", _networks.Path, compiler));
        Assert.True(map.Remove("10.1.0.0/16"u8));
        Assert.Equal("eight", Get("10.1.2.3", "map_ip($)", _networks.Path, compiler));
        Assert.True(map.Add("10.1.2.0/24"u8, "new"u8));
        Assert.Equal("new", Get("10.1.2.3", "map_ip($)", _networks.Path, compiler));
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        var exchange = TestExchange.For("/");
        CompiledExpression[] expressions =
        [
            .. new[]
            {
                $"text(abcd),map_beg({_text.Path})", $"text(zb/c/d),map_dir({_text.Path})", $"text(12.ex.com),map_dom({_text.Path})",
                $"text(10.1.9.9),map_ip({_networks.Path})", $"text(4),map_int_int({_numbers.Path})", $"text(xyz),map_reg({_expressions.Path})",
            }
            .Select(text => Value.Parse(text, AclLanguage.Create()).Compile(new())),
        ];

        Allocations.AssertNone(() => Run(1_000));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                foreach (var expression in expressions)
                {
                    var sample = default(Sample);
                    Assert.True(expression.TryEvaluate(exchange.Context, ref sample));
                }
            }
        }
    }

    [Fact]
    public void A_large_map_is_looked_up_right()
    {
        var content = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            content.Append("/p").Append(i).Append("/ v").Append(i).Append('\n');
        }

        using var file = new TempFile(content.ToString());
        var compiler = new RuleCompiler();
        foreach (var i in new[] { 0, 1, 9, 10, 99, 12_345, 19_999 })
        {
            Assert.Equal($"v{i}", Get($"/p{i}/", "map($)", file.Path, compiler));
            Assert.Equal($"v{i}", Get($"/p{i}/x", "map_beg($)", file.Path, compiler));
            Assert.Equal($"v{i}", Get($"x/p{i}/", "map_end($)", file.Path, compiler));
            Assert.Equal($"v{i}", Get($"a/b/p{i}/x", "map_sub($)", file.Path, compiler));
            Assert.Equal($"v{i}", Get($"a/p{i}?x", "map_dir($)", file.Path, compiler));
        }

        Assert.Null(Get("/p20000/", "map_beg($)", file.Path, compiler));
    }
}
