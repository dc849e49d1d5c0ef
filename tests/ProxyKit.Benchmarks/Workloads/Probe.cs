using System.Net;
using System.Net.Security;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>One request before many: wrk takes any 2xx or 3xx for good, whatever is in it.</summary>
internal static class Probe
{
    public static async Task CheckAsync(RunningProxy proxy, WrkRequest request, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) =>
            certificate?.Subject.Contains(Certificate.HostName, StringComparison.Ordinal) is true;
        using var client = new HttpClient(handler);
        using var message = new HttpRequestMessage(HttpMethod.Get, proxy.Address(request.Path));
        message.Headers.Host = proxy.Setup.Shape.Host;

        using var response = await client.SendAsync(message, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (response.StatusCode is not HttpStatusCode.OK || body.Length != request.BodyLength)
        {
            throw new InvalidOperationException(
                $"{proxy.Proxy.Name} answered {request.Path} with {(int)response.StatusCode} and {body.Length} bytes.");
        }
    }
}
