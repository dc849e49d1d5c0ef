using System.Text;
using ProxyKit.Checks;

namespace ProxyKit.Tests.Checks;

/// <summary>Checks by HTTP that ask for nothing: those whose steps are all there is.</summary>
public sealed class SilentCheckTests
{
    [Fact]
    public async Task Without_steps_it_connects()
    {
        var (result, sent) = await CheckedServer.CheckAsync([], static b => b.Check(new HealthCheckOptions { Kind = HealthCheckKind.Http, SendsRequest = false }));

        Assert.Equal((CheckStatus.Layer4Passed, ""), (result.Status, sent));
    }

    [Fact]
    public async Task What_is_expected_is_waited_for()
    {
        var check = new HealthCheckOptions { Kind = HealthCheckKind.Http, SendsRequest = false };
        check.Steps.Add(new HttpExpectStep { Kind = HttpExpectation.Status, Pattern = "204" });

        var (result, _) = await CheckedServer.CheckAsync(
            Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n"), b => b.Check(check), listens: false, closes: false);

        Assert.Equal(CheckStatus.Layer7Passed, result.Status);
    }

    [Fact]
    public async Task By_default_a_request_is_sent()
    {
        var (result, sent) = await CheckedServer.CheckAsync(
            Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), static b => b.Check(new HealthCheckOptions { Kind = HealthCheckKind.Http }));

        Assert.Equal((CheckStatus.Layer7Passed, "OPTIONS / HTTP/1.0\r\n\r\n"), (result.Status, sent));
    }
}
