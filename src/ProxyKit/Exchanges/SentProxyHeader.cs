using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.ProxyProtocol;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Exchanges;

/// <summary>The header of the PROXY protocol that connections to a server begin with, ready to be written for a client.</summary>
internal sealed class SentProxyHeader
{
    private const ProxyProtocolFacts OfTls = ProxyProtocolFacts.Tls | ProxyProtocolFacts.CommonName | ProxyProtocolFacts.Cipher
        | ProxyProtocolFacts.SignatureAlgorithm | ProxyProtocolFacts.KeyAlgorithm;

    private const byte ComesOverTls = 1, HasCertificate = 2 | 4; // shown on this connection, and in this session: the library does not tell them apart
    private const int MostOfOurs = 2048; // the addresses and all fields that are not a user's

    private readonly ProxyProtocolVersion _version;
    private readonly ProxyProtocolFacts _facts;
    private readonly (byte Type, CompiledExpression Value)[] _fields;
    private readonly CompiledExpression _verify;
    private readonly int _most;
    private NamedCertificate? _shown; // the one that was asked about last

    /// <param name="options">What is wanted.</param>
    /// <param name="fields">The user's fields.</param>
    /// <param name="verify">What the verification of the client's certificate has come to, 0 where that is good or there is none.</param>
    public SentProxyHeader(ProxyProtocolOptions options, (byte Type, CompiledExpression Value)[] fields, CompiledExpression verify)
    {
        (_version, _facts, _fields, _verify) = (options.Version, options.Facts, fields, verify);
        _most = MostOfOurs + (fields.Length * (ProxyField.HeadLength + ProxyField.LongestValue));
    }

    /// <summary>Writes the header for a client's connection.</summary>
    /// <param name="context">Whose connection it is.</param>
    /// <param name="length">The header's length.</param>
    /// <returns>An array of the shared pool's, which is the caller's to return.</returns>
    public byte[] Rent(RuleContext context, out int length)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(_most);
        var writer = new ProxyHeaderWriter(bytes);
        if (_version == ProxyProtocolVersion.Text)
        {
            length = writer.WriteLine(context.SourceEndPoint, context.DestinationEndPoint);
            return bytes;
        }

        length = 0;
        try
        {
            writer.Begin(context.SourceEndPoint, context.DestinationEndPoint);
            AddFields(ref writer, context);
            length = writer.Finish();
            return bytes;
        }
        finally
        {
            if (length == 0)
            {
                ArrayPool<byte>.Shared.Return(bytes); // a user's fetch threw
            }
        }
    }

    /// <summary>The header for a client's new connection.</summary>
    public byte[] Make(RuleContext context)
    {
        var bytes = Rent(context, out var length);
        var header = bytes.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(bytes);
        return header;
    }

    private void AddFields(ref ProxyHeaderWriter writer, RuleContext context)
    {
        var tls = context.Session.Tls;
        if ((_facts & ProxyProtocolFacts.Checksum) != 0)
        {
            writer.AddChecksum();
        }

        if (tls?.ApplicationProtocol.Protocol is { IsEmpty: false } protocol)
        {
            writer.Add(ProxyField.Alpn, protocol.Span);
        }

        if ((_facts & ProxyProtocolFacts.Authority) != 0 && tls?.ServerName is { } name)
        {
            AddText(ref writer, ProxyField.Authority, name, ProxyField.LongestAuthority);
        }

        foreach (var (type, expression) in _fields)
        {
            context.ResetScratch();
            var value = default(Sample);
            if (expression.TryEvaluate(context, SampleType.String, ref value) && !value.Bytes.IsEmpty)
            {
                writer.Add(type, value.Bytes[..Math.Min(value.Bytes.Length, ProxyField.LongestValue)]);
            }
        }

        if ((_facts & ProxyProtocolFacts.UniqueId) != 0)
        {
            writer.Add(ProxyField.UniqueId, context.Frontend?.UniqueId is { } id ? id.For(context) : default);
        }

        if ((_facts & OfTls) != 0)
        {
            AddTls(ref writer, context, tls);
        }
    }

    private void AddTls(ref ProxyHeaderWriter writer, RuleContext context, TlsConnection? tls)
    {
        var certificate = tls?.ClientCertificate;
        var client = tls is null ? 0 : ComesOverTls | (certificate is null ? 0 : HasCertificate);
        var verify = default(Sample);
        _verify.TryEvaluate(context, SampleType.Integer, ref verify);
        var start = writer.BeginTls((byte)client, (uint)verify.Integer);
        if (tls is not null)
        {
            writer.Add(ProxyField.TlsVersion, TlsFetches.NameOf(tls.Protocol));
            if ((_facts & ProxyProtocolFacts.CommonName) != 0 && certificate is not null)
            {
                AddCommonName(ref writer, certificate.Der);
            }

            AddCertificate(ref writer, tls.LocalCertificate);
            if ((_facts & ProxyProtocolFacts.Cipher) != 0)
            {
                writer.Add(ProxyField.Cipher, CipherNames.Of(tls.CipherSuite).Name.Span);
            }
        }

        writer.EndTls(start);
    }

    /// <summary>A client's certificate may hold anything: one that is not well formed has no name.</summary>
    private static void AddCommonName(ref ProxyHeaderWriter writer, byte[] certificate)
    {
        try
        {
            if (CertificateParts.TryRead(certificate, out var parts) && new DistinguishedName(parts.Subject).TryFind("CN"u8, 1, out var name))
            {
                writer.Add(ProxyField.CommonName, name[..Math.Min(name.Length, ProxyField.LongestAuthority)]);
            }
        }
        catch (AsnContentException)
        {
            // Nothing was written.
        }
    }

    /// <summary>About the certificate that the client was shown.</summary>
    private void AddCertificate(ref ProxyHeaderWriter writer, X509Certificate2? certificate)
    {
        if (certificate is null || (_facts & (ProxyProtocolFacts.KeyAlgorithm | ProxyProtocolFacts.SignatureAlgorithm)) == 0)
        {
            return;
        }

        var shown = Volatile.Read(ref _shown);
        if (shown?.Certificate != certificate)
        {
            Volatile.Write(ref _shown, shown = new NamedCertificate(certificate));
        }

        if ((_facts & ProxyProtocolFacts.KeyAlgorithm) != 0)
        {
            writer.Add(ProxyField.KeyAlgorithm, shown.Key);
        }

        if ((_facts & ProxyProtocolFacts.SignatureAlgorithm) != 0)
        {
            writer.Add(ProxyField.SignatureAlgorithm, shown.Signature);
        }
    }

    private static void AddText(ref ProxyHeaderWriter writer, byte type, string text, int most)
    {
        Span<byte> bytes = stackalloc byte[most];
        Encoding.UTF8.TryGetBytes(text, bytes, out var length);
        writer.Add(type, bytes[..length]);
    }

    /// <summary>What a certificate's key and signature are called, which takes too long to find out for each request.</summary>
    private sealed class NamedCertificate(X509Certificate2 certificate)
    {
        public X509Certificate2 Certificate => certificate;

        public byte[] Key { get; } = Encoding.ASCII.GetBytes(KeyOf(certificate));

        public byte[] Signature { get; } = Encoding.ASCII.GetBytes(AlgorithmNames.Of(certificate.SignatureAlgorithm.Value ?? ""));

        /// <summary>As in <c>RSA2048</c>, <c>EC256</c>.</summary>
        private static string KeyOf(X509Certificate2 certificate)
        {
            using var rsa = certificate.GetRSAPublicKey();
            using var curve = rsa is null ? certificate.GetECDsaPublicKey() : null;
            return FormattableString.Invariant($"{(rsa is not null ? "RSA" : curve is not null ? "EC" : "UNKNOWN")}{rsa?.KeySize ?? curve?.KeySize}");
        }
    }
}
