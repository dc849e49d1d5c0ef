using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>The certificate that every proxy of a run shows: RSA of 2,048 bits, signed by itself, made anew.</summary>
internal static class Certificate
{
    public const string HostName = "proxy.example";

    /// <returns>The file with certificate and private key.</returns>
    public static async Task<string> CreateAsync(string directory, CancellationToken cancellation)
    {
        var key = Path.Combine(directory, "key.pem");
        var certificate = Path.Combine(directory, "certificate.pem");
        await ChildProcess.RunAsync(
            new LaunchCommand("openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", $"/CN={HostName}",
                "-addext", $"subjectAltName=DNS:{HostName},IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ]), cancellation);
        var both = Path.Combine(directory, "proxy.pem");
        string[] parts = [await File.ReadAllTextAsync(certificate, cancellation), await File.ReadAllTextAsync(key, cancellation)];
        await File.WriteAllTextAsync(both, string.Concat(parts), cancellation);
        return both;
    }
}
