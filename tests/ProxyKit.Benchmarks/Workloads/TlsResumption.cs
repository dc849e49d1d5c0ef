using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>Whether a proxy lets a client come back to a TLS session, which would spare it the handshake that is to be measured.</summary>
internal static class TlsResumption
{
    public static async Task<bool> IsPossibleAsync(RunningProxy proxy, CancellationToken cancellation)
    {
        var session = Path.Combine(proxy.Setup.Directory, "session.pem");
        await ConnectAsync(proxy, ["-sess_out", session], cancellation);
        // Without a ticket and without a session id there is nothing to come back to, and no file.
        return File.Exists(session)
            && (await ConnectAsync(proxy, ["-sess_in", session], cancellation)).Contains("Reused, TLS", StringComparison.Ordinal);
    }

    private static Task<string> ConnectAsync(RunningProxy proxy, string[] options, CancellationToken cancellation) =>
        ChildProcess.RunAnywayAsync( // whose code tells only that the connection was closed without TLS's own goodbye
            new LaunchCommand("openssl", ["s_client", "-connect", $"127.0.0.1:{proxy.Setup.Port}", "-ign_eof", .. options]),
            $"GET /100 HTTP/1.1\r\nHost: {Certificate.HostName}\r\nConnection: close\r\n\r\n",
            cancellation);
}
