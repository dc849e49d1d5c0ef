using System.Diagnostics;
using System.Text;
using ProxyKit.Stickiness;
using ProxyKit.Tests.Rules;

namespace ProxyKit.Tests.Stickiness;

/// <summary>Cookie fields are clients': whatever stands in them, they are read once, from left to right.</summary>
public sealed class HostileCookieTests
{
    private static readonly string[] Pieces = ["LB", "=", ";", ",", " ", "\t", "\"", "\\", "$", "|", "~", "a", "b", "LB=a", "LB=b", "AAAAA", "x=1", "; "];

    [Theory]
    [InlineData(StickyCookieMode.Insert)]
    [InlineData(StickyCookieMode.Prefix)]
    [InlineData(StickyCookieMode.Rewrite)]
    public void Random_field_is_read_and_loses_nothing_but_the_cookie(StickyCookieMode mode)
    {
        var random = new Random(20261121);
        using var bench = new StickyBench(o => o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = mode, IsIndirect = mode == StickyCookieMode.Insert });
        for (var round = 0; round < 20_000; round++)
        {
            var field = new StringBuilder();
            for (var i = random.Next(1, 14); i > 0; i--)
            {
                field.Append(Pieces[random.Next(Pieces.Length)]);
            }

            var exchange = TestExchange.With($"Cookie: {field}");
            var before = exchange.Request.Headers["cookie"]!;

            bench.Ask(exchange.Context);

            var after = exchange.Request.Headers["cookie"] ?? "";
            Assert.True(after.Length <= before.Length, field.ToString());
            if (mode == StickyCookieMode.Rewrite || !before.Contains("LB", StringComparison.Ordinal))
            {
                Assert.Equal(before, after);
            }
            else if (mode == StickyCookieMode.Insert)
            {
                Assert.False(ItemsOf(after).Exists(static item => item.Name == "LB"), $"<{before}> <{after}>");
                Assert.Equal(ItemsOf(before).Where(static i => i.Name != "LB" && i.Name is not ['$', ..]), ItemsOf(after).Where(static i => i.Name is not ['$', ..]));
            }
        }
    }

    [Fact]
    public void Long_field_takes_no_longer_than_its_length()
    {
        using var bench = new StickyBench(static o => o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = StickyCookieMode.Insert, IsIndirect = true });
        var field = string.Concat(Enumerable.Repeat("LB=;", 15_000));
        var exchange = TestExchange.With($"Cookie: {field}");
        var watch = Stopwatch.StartNew();

        Assert.Null(bench.Ask(exchange.Context));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), watch.Elapsed.ToString());
        Assert.Null(exchange.Request.Headers["cookie"]);
    }

    private static List<(string Name, string Value)> ItemsOf(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var items = new List<(string, string)>();
        var isFurther = false;
        for (var start = 0; start < bytes.Length;)
        {
            var item = CookieItem.Read(bytes, start, isFurther);
            (start, isFurther) = (item.End, true);
            var name = Encoding.Latin1.GetString(item.NameIn(bytes));
            if (item.HasValue)
            {
                items.Add((name, Encoding.Latin1.GetString(item.ValueIn(bytes))));
            }
        }

        return items;
    }
}
