using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Captures;

namespace ProxyKit.Tests.Rules.Captures;

public sealed class CapturePlanTests
{
    [Fact]
    public void Captures_fill_the_slots_of_their_order()
    {
        var plan = new CapturePlan(
        [
            Capture.RequestHeader("Host", 40), Capture.ResponseHeader("Via", 9), Capture.RequestSlot(5), Capture.Cookie("sid", 9),
            Capture.RequestHeader("X-Tier", 3), Capture.ResponseSlot(7),
        ]);
        Assert.Equal((3, 2, false), (plan.RequestSlots, plan.ResponseSlots, plan.IsEmpty));
        Assert.Equal([40, 5, 3, null], Enumerable.Range(0, 4).Select(plan.RequestLength));
        Assert.Equal([null, 9, 7, null], Enumerable.Range(-1, 4).Select(plan.ResponseLength));
        Assert.Equal(3, plan.AddRequestSlot(11));
        Assert.Equal((4, 11), (plan.RequestSlots, plan.RequestLength(3)));
        var context = TestExchange.Of("GET / HTTP/1.1", "Host: a.example", "x-tier: golden").Context;

        plan.CaptureRequest(context);

        Assert.Equal("a.example", Text(context.RequestCaptures, 0));
        Assert.Null(Text(context.RequestCaptures, 1));
        Assert.Equal("gol", Text(context.RequestCaptures, 2));
        Assert.Null(Text(context.RequestCaptures, 3));
    }

    [Fact]
    public void Of_several_fields_the_last_is_kept_whole()
    {
        var context = TestExchange.Of("GET / HTTP/1.1", "Host: a", "X: 1", "x: 2, 3", "Accept: a/b", "Accept: c/d").Context;

        new CapturePlan([Capture.RequestHeader("X", 40), Capture.RequestHeader("accept", 40), Capture.RequestHeader("y", 40)]).CaptureRequest(context);

        Assert.Equal("2, 3", Text(context.RequestCaptures, 0));
        Assert.Equal("c/d", Text(context.RequestCaptures, 1));
        Assert.Null(Text(context.RequestCaptures, 2));
    }

    [Fact]
    public void A_field_that_is_there_and_empty_is_captured()
    {
        var context = TestExchange.Of("GET / HTTP/1.1", "Host: a", "X:").Context;

        new CapturePlan([Capture.RequestHeader("X", 40)]).CaptureRequest(context);

        Assert.Equal("", Text(context.RequestCaptures, 0));
    }

    [Fact]
    public void A_field_that_rules_removed_is_not_captured_and_one_they_added_is()
    {
        var exchange = TestExchange.Of("GET / HTTP/1.1", "Host: a", "X: 1", "Y: 1");
        exchange.Request.Headers.RemoveAll("x"u8);
        exchange.Request.Headers.Set("y"u8, "2"u8);

        new CapturePlan([Capture.RequestHeader("X", 40), Capture.RequestHeader("Y", 40)]).CaptureRequest(exchange.Context);

        Assert.Null(Text(exchange.Context.RequestCaptures, 0));
        Assert.Equal("2", Text(exchange.Context.RequestCaptures, 1));
    }

    [Theory]
    [InlineData("sid", "a=1; sidney=\"x; y\"; sid=3", "sidney=\"x; y")]
    [InlineData("sid=", "a=1; sidney=2; sid=3456789012345", "sid=34567890")]
    [InlineData("sid=", "sid=;sid=1", "sid=")]
    [InlineData("sid=", "SID=1; a=sid=2", null)]
    [InlineData("sid=", "", null)]
    [InlineData("sid=", ";; ;sid=1", "sid=1")]
    public void The_first_cookie_of_the_request_that_begins_so_is_captured(string name, string cookies, string? expected)
    {
        var context = TestExchange.Of("GET / HTTP/1.1", "Host: a", "Cookie: b=1", $"Cookie: {cookies}").Context;

        new CapturePlan([Capture.Cookie(name, 12)]).CaptureRequest(context);

        Assert.Equal(expected, Text(context.KeptTexts, KeptText.RequestCookie));
        Assert.Null(Text(context.KeptTexts, KeptText.ResponseCookie));
    }

    [Fact]
    public void What_the_response_has_is_captured_too()
    {
        var context = TestExchange.For("/").Context;
        var plan = new CapturePlan([Capture.ResponseHeader("X-R", 4), Capture.Cookie("sid=", 20)]);
        plan.CaptureResponse(context); // there is none yet
        Assert.Null(Text(context.ResponseCaptures, 0));

        context.Response = Response("HTTP/1.1 200 OK", "Set-Cookie: a=b; sid=no", "Set-Cookie: sid=%22z;path=/x", "Set-Cookie: sid=zz", "X-R: 12345");
        plan.CaptureResponse(context);

        Assert.Equal("1234", Text(context.ResponseCaptures, 0));
        Assert.Equal("sid=%22z", Text(context.KeptTexts, KeptText.ResponseCookie));
    }

    [Fact]
    public void Of_several_cookies_to_capture_the_last_counts()
    {
        var context = TestExchange.With("Cookie: a=1; b=2").Context;

        new CapturePlan([Capture.Cookie("a", 9), Capture.Cookie("b", 9)]).CaptureRequest(context);

        Assert.Equal("b=2", Text(context.KeptTexts, KeptText.RequestCookie));
    }

    [Fact]
    public void A_connection_without_a_request_has_nothing_to_capture()
    {
        var context = TestExchange.For("/").Context;
        context.Request = null;

        new CapturePlan([Capture.RequestHeader("Host", 40), Capture.Cookie("a", 9)]).CaptureRequest(context);

        Assert.Null(Text(context.RequestCaptures, 0));
    }

    [Fact]
    public void A_context_that_is_used_again_has_captured_nothing()
    {
        var context = TestExchange.With("Cookie: a=1").Context;
        new CapturePlan([Capture.RequestHeader("Host", 40), Capture.Cookie("a", 9)]).CaptureRequest(context);

        context.Reset();

        Assert.Null(Text(context.RequestCaptures, 0));
        Assert.Null(Text(context.KeptTexts, KeptText.RequestCookie));
    }

    [Fact]
    public void Capturing_allocates_nothing()
    {
        var context = TestExchange.Of("GET / HTTP/1.1", "Host: a.example", "User-Agent: curl", "X-Tier: gold", "Cookie: a=1; sid=2").Context;
        var plan = new CapturePlan([Capture.RequestHeader("host", 40), Capture.RequestHeader("X-Tier", 9), Capture.Cookie("sid=", 20)]);
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                plan.CaptureRequest(context);
            }
        });
    }

    [Fact]
    public void A_capture_reads_as_in_a_configuration_file() => Assert.Equal(
        [
            "capture request header Host len 40", "capture response header Via len 9", "capture cookie sid= len 20",
            "declare capture request len 5", "declare capture response len 7",
        ],
        new[]
        {
            Capture.RequestHeader("Host", 40), Capture.ResponseHeader("Via", 9), Capture.Cookie("sid=", 20), Capture.RequestSlot(5),
            Capture.ResponseSlot(7),
        }.Select(c => c.ToString()));

    private static string? Text(CaptureSet captures, int slot) => captures.TryGet(slot, out var text) ? Encoding.Latin1.GetString(text) : null;

    private static ResponseHead Response(params string[] lines)
    {
        var head = new ResponseHead();
        var bytes = Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\r\n")) + "\r\n");
        var parser = new ResponseHeadParser { MaxHeadBytes = bytes.Length + 1 };
        parser.Start(head, bytes, 0, RequestMethod.Get);
        Assert.Equal(ParseResult.Complete(bytes.Length), parser.Parse(bytes.Length));
        return head;
    }
}
