using System.Net;
using System.Net.Security;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>One request before many: wrk takes any 2xx or 3xx for good, whatever is in it.</summary>
internal static class Probe
{
    public static async Task CheckAsync(RunningProxy proxy, WrkRequest request, CancellationToken cancellation)
    {
        using var client = CreateClient();
        using var response = await SendAsync(client, proxy, request.Path, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (response.StatusCode is not HttpStatusCode.OK || body.Length != request.BodyLength)
        {
            throw new InvalidOperationException(
                $"{proxy.Proxy.Name} answered {request.Path} with {(int)response.StatusCode} and {body.Length} bytes.");
        }
    }

    /// <summary>Asks for each path once, one after the other, whatever the answers are.</summary>
    public static async Task FillAsync(RunningProxy proxy, IEnumerable<string> paths, CancellationToken cancellation)
    {
        using var client = CreateClient();
        foreach (var path in paths)
            (await SendAsync(client, proxy, path, cancellation)).Dispose();
    }

    private static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions =
        {
            RemoteCertificateValidationCallback = static (_, certificate, _, _) =>
                certificate?.Subject.Contains(Certificate.HostName, StringComparison.Ordinal) is true,
        },
    });

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, RunningProxy proxy, string path, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, proxy.Address(path));
        message.Headers.Host = proxy.Setup.Shape.Host;
        return await client.SendAsync(message, cancellation);
    }
}
