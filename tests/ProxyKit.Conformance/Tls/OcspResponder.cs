using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxyKit.Conformance.Clients;

namespace ProxyKit.Conformance.Tls;

/// <summary>An authority with a responder that tells what became of the certificate it has issued: OpenSSL says it, HTTP carries it.</summary>
internal sealed class OcspResponder : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxykit-ocsp-");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private int _asked;

    public OcspResponder()
    {
        _listener.Start();
        using var caKey = RSA.Create(2048);
        var ca = new CertificateRequest("CN=authority with a responder", caKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        ca.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        ca.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(ca.PublicKey, critical: false));
        using var root = ca.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var key = RSA.Create(2048);
        var leaf = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        leaf.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([$"http://{_listener.LocalEndpoint}/"], caIssuersUris: null));
        leaf.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        using var certificate = leaf.Create(root, root.NotBefore, root.NotAfter, [1, 2, 3, 4]);

        CertificatePath = Write("leaf.pem", $"{certificate.ExportCertificatePem()}\n{root.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        Write("ca.pem", root.ExportCertificatePem());
        Write("ca.key", caKey.ExportPkcs8PrivateKeyPem());
        Write("index.txt", $"V\t{root.NotAfter.ToUniversalTime():yyMMddHHmmss}Z\t\t{certificate.SerialNumber}\tunknown\t/CN=localhost\n");
        _serving = ServeAsync();
    }

    /// <summary>The certificate, its authority's, and its key.</summary>
    public string CertificatePath { get; }

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _folder.Delete(recursive: true);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // It is over.
        }
    }

    /// <summary>Answers a question that is in the target, as RFC 6960 §A.1 has it.</summary>
    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var target = (await reader.ReadLineAsync())?.Split(' ')[1] ?? "";
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // The rest of the head says nothing.
        }

        await File.WriteAllBytesAsync(PathOf("question"), Convert.FromBase64String(Uri.UnescapeDataString(target.TrimStart('/'))));
        using var openssl = Process.Start(new ProcessStartInfo(
            OutsideProgram.Find("openssl"),
            ["ocsp", "-index", PathOf("index.txt"), "-CA", PathOf("ca.pem"), "-rsigner", PathOf("ca.pem"), "-rkey", PathOf("ca.key"), "-ndays", "1",
                "-reqin", PathOf("question"), "-respout", PathOf("answer")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!; // it was found
        await Task.WhenAll(openssl.StandardOutput.ReadToEndAsync(), openssl.StandardError.ReadToEndAsync(), openssl.WaitForExitAsync());
        var answer = await File.ReadAllBytesAsync(PathOf("answer"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: {answer.Length}\r\nConnection: close\r\n\r\n"));
        Interlocked.Increment(ref _asked); // ahead of what tells that it was
        await stream.WriteAsync(answer);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }
}
