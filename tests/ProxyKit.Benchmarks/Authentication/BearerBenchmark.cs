using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using ProxyKit.Authentication;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Identities;
using ProxyKit.Rules;

namespace ProxyKit.Benchmarks.Authentication;

/// <summary>What a signed token costs: one that was seen before, and one that was not, against what the verification of RSA costs by itself, without the hash even.</summary>
[MemoryDiagnoser]
public class BearerBenchmark
{
    private readonly RuleContext _context = new() { Request = new RequestHead() };
    private readonly RSA _rsa = RSA.Create(2048);
    private JwtAuthenticator? _remembering, _forgetful;
    private byte[] _signed = [], _hash = [], _signature = [];

    private static ReadOnlySpan<byte> Claims =>
        """{"iss":"https://id.example/","aud":"https://api.example/","sub":"auth0|5f7c8ec7c33c6c004bbafe82","azp":"my_client_id","scope":"openid profile read:hamsters write:hamsters","iat":1700000000,"exp":4102444800,"realm_access":{"roles":["offline_access","keeper"]}}"""u8;

    [GlobalSetup]
    public void Setup()
    {
        var signed = $"{Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT","kid":"k1"}"""u8)}.{Base64Url.EncodeToString(Claims)}";
        _signed = Encoding.ASCII.GetBytes(signed);
        _hash = SHA256.HashData(_signed);
        _signature = _rsa.SignHash(_hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var token = $"{signed}.{Base64Url.EncodeToString(_signature)}";
        var verification = KeyFiles.OfPem(_rsa.ExportSubjectPublicKeyInfoPem()).ToArray();
        var options = new JwtOptions { Issuers = { "https://id.example/" }, Audiences = { "https://api.example/" } };
        _remembering = new JwtAuthenticator(options, verification, [], TimeProvider.System);
        _forgetful = new JwtAuthenticator(
            new JwtOptions { Issuers = { "https://id.example/" }, Audiences = { "https://api.example/" }, CacheSize = null }, verification, [], TimeProvider.System);
        var head = Encoding.ASCII.GetBytes($"GET /100 HTTP/1.1\r\nHost: h0.example\r\nAuthorization: Bearer {token}\r\n\r\n");
        var parser = new RequestHeadParser();
        parser.Start(_context.Request!, head, 0); // it was made with one
        parser.Parse(head.Length);
        if (SeenBefore() is null || SeenFirst() is null || !RsaAlone())
        {
            throw new InvalidOperationException("The token is not believed.");
        }
    }

    [Benchmark(Baseline = true)]
    public bool RsaAlone() => _rsa.VerifyHash(_hash, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>The whole of the signature's algorithm, whose first step is the hash (RFC 8017 §8.2.2).</summary>
    [Benchmark]
    public bool RsaWithItsHash() => _rsa.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    [Benchmark]
    public object? SeenFirst()
    {
        _context.Scratch.Reset();
        return _forgetful!.Authenticate(_context).Principal; // set up
    }

    [Benchmark]
    public object? SeenBefore() => _remembering!.Authenticate(_context).Principal; // set up
}
