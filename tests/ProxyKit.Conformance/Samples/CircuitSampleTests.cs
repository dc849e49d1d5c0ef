using System.Globalization;

namespace ProxyKit.Conformance.Samples;

/// <summary>Services that are left alone when they fail too often, as the samples have it.</summary>
public sealed class CircuitSampleTests : SampleTest
{
    private volatile int _status = 200;

    [Fact] // CB-09 to CB-12
    public async Task Service_that_fails_more_than_half_is_left_alone()
    {
        var origin = Failing();
        await StartSampleAsync("circuit-breaker", origin, origin);

        Assert.Equal(Runs((5, 200)), await StatusesAsync(5, "/"));
        _status = 500;
        Assert.Equal(Runs((6, 500)), await StatusesAsync(6, "/")); // the sixth of eleven is more than half
        var refused = await AskAsync("/");

        Assert.Equal((503, "application/json", "{ \"message\": \"circuit open\" }"), (refused.Status, refused["content-type"], refused.Text));
        Assert.Equal(11, origin.Requests.Count);
    }

    [Fact] // CB-14, CB-16, CB-17
    public async Task Circuit_closes_half_a_minute_after_the_last_request_that_was_counted()
    {
        var origin = Failing();
        await StartSampleAsync("circuit-breaker", origin, origin);
        _status = 500;
        Assert.Equal(500, (await AskAsync("/")).Status); // one of one
        for (var second = 0; second < 29; second++)
        {
            Assert.Equal(503, (await AskAsync("/")).Status);
            Pass(1);
        }

        _status = 200;
        Pass(2);
        Assert.Equal(Runs((10, 200)), await StatusesAsync(10, "/"));
    }

    [Fact] // CB-13, CB-18, CB-19
    public async Task Page_that_fails_is_answered_by_somebody_else_and_other_pages_go_on()
    {
        var origin = Origin(exchange => exchange.AnswerAsync(
            exchange.Request.Target == "/bad" ? "HTTP/1.1 500 Bad" : "HTTP/1.1 200 OK", "Content-Length: 0", "", ""));
        await StartSampleAsync("circuit-breaker-by-page", origin);
        await AskAsync("/bad");

        var excuse = await AskAsync("/bad");

        Assert.Equal((200, "{ \"items\": [], \"partial\": true }"), (excuse.Status, excuse.Text));
        Assert.Equal("", (await AskAsync("/good")).Text);
        Assert.Equal(2, origin.Requests.Count);
    }

    [Fact] // CB-13
    public async Task Status_501_is_no_failure()
    {
        _status = 501;
        var origin = Failing();
        await StartSampleAsync("circuit-breaker-by-page", origin);

        Assert.Equal(Runs((10, 501)), await StatusesAsync(10, "/"));
    }

    private WireOrigin Failing() => Origin(exchange => exchange.AnswerAsync(
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {_status} Status"), "Content-Length: 0", "", ""));
}
