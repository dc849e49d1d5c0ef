using System.Diagnostics;
using System.Net;

namespace ProxyKit.Conformance.Clients;

/// <summary>OpenSSL's own client, which can be told what to offer.</summary>
internal static class OpenSslClient
{
    /// <summary>What it writes, with the answer to one request; what it complains of where it is refused.</summary>
    /// <param name="address">Where it connects to.</param>
    /// <param name="arguments">What it is told.</param>
    public static async Task<string> AskAsync(EndPoint address, params string[] arguments)
    {
        var start = new ProcessStartInfo(OutsideProgram.Find("openssl"), ["s_client", "-connect", $"{address}", "-ign_eof", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var openssl = Process.Start(start)!; // it was found
        var errors = openssl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await openssl.StandardInput.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            await openssl.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            var output = await openssl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTimeAsync();
            openssl.StandardInput.Close();
            await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);
            return output;
        }
        catch (IOException)
        {
            return await errors.InTimeAsync(); // it was refused before it was asked
        }
    }
}
