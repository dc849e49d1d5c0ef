using System.Globalization;

namespace ProxyKit.Transport.Tls;

/// <summary>Finds what is wrong with the TLS of a bind.</summary>
internal static class BindTlsCheck
{
    /// <summary>The first fault, as "Property: fault"; null when there is none. Files are read.</summary>
    public static string? FaultOf(BindTlsOptions options)
    {
        if (options.CertificatePath is not { Length: > 0 } && options.Certificates.Count == 0 && (options.CertificatePath is not null || !options.RefusesUnknownNames))
        {
            return "CertificatePath: a certificate file is needed.";
        }

        var fault = ProtocolNames.FaultOf(options.ApplicationProtocols) ?? (options.CapturedHelloBytes < 1
                ? string.Create(CultureInfo.InvariantCulture, $"{nameof(options.CapturedHelloBytes)}: {options.CapturedHelloBytes} is out of range (at least 1).")
                : null)
            ?? TlsVersions.FaultOf(options.MinimumProtocol, options.MaximumProtocol)
            ?? OfferedCiphers.FaultOf(options.Ciphers, options.CipherSuites, options.PrefersClientCiphers) ?? FaultOfFiles(options.CertificatePath, "CertificatePath")
            ?? PemFiles.FaultOf(options.IssuersPath, nameof(options.IssuersPath), static path => _ = new IssuerChains(path)) ?? FaultOfClients(options.ClientCertificates);
        for (var i = 0; i < options.Certificates.Count && fault is null; i++)
        {
            fault = FaultOfOne(options.Certificates[i], options) is { } wrong
                ? string.Create(CultureInfo.InvariantCulture, $"Certificates {i + 1} > {wrong}")
                : null;
        }

        return fault;
    }

    /// <summary>What is wrong with how clients prove who they are.</summary>
    private static string? FaultOfClients(ClientCertificateOptions? options)
    {
        if (options is null)
        {
            return null;
        }

        var names = options.CaPath is not null || options.CaVerifyPath is not null || options.Authorities is { Count: > 0 };
        var fault = names == options.TrustsSystem
            ? names
                ? $"{nameof(options.TrustsSystem)}: authorities are named besides; it is one or the other."
                : $"{nameof(options.CaPath)}: authorities are needed that certificates may come from."
            : PemFiles.FaultOf(options.CaPath, nameof(options.CaPath), static path => PemFiles.ReadCertificates(path))
                ?? PemFiles.FaultOf(options.CaVerifyPath, nameof(options.CaVerifyPath), static path => PemFiles.ReadCertificates(path))
                ?? PemFiles.FaultOf(options.CrlPath, nameof(options.CrlPath), static path => PemFiles.ReadRevocationLists(path));
        return fault is null ? null : $"{nameof(BindTlsOptions.ClientCertificates)} > {fault}";
    }

    private static string? FaultOfOne(BindCertificateOptions options, BindTlsOptions bind)
    {
        if (options is null)
        {
            return "is null.";
        }

        if (string.IsNullOrEmpty(options.Path))
        {
            return $"{nameof(options.Path)}: a certificate file is needed.";
        }

        var hasWildcard = options.Names.Any(static n => n?.StartsWith("*.", StringComparison.Ordinal) == true);
        foreach (var name in options.Names)
        {
            if (string.IsNullOrEmpty(name) || name == "!" || (name[0] == '!' && !hasWildcard))
            {
                return $"{nameof(options.Names)}: \"{name}\" is {(name is ['!', _, ..] ? "an exception from nothing: no name here begins with *." : "no name.")}";
            }
        }

        return ProtocolNames.FaultOf(options.ApplicationProtocols)
            ?? TlsVersions.FaultOf(options.MinimumProtocol ?? bind.MinimumProtocol, options.MaximumProtocol ?? bind.MaximumProtocol)
            ?? OfferedCiphers.FaultOf(options.Ciphers, options.CipherSuites)
            ?? (options.KeyPath is { } key ? FaultOfPair(options.Path, key) : FaultOfFiles(options.Path, nameof(options.Path)))
            ?? FaultOfClients(options.ClientCertificates);
    }

    private static string? FaultOfPair(string path, string keyPath) => Directory.Exists(path)
        ? $"{nameof(BindCertificateOptions.KeyPath)}: {path} is a directory, and has the keys of its certificates in it."
        : PemFiles.FaultOf(path, nameof(BindCertificateOptions.Path), _ => PemFiles.ReadCertificateWithKey(path, keyPath).Dispose());

    private static string? FaultOfFiles(string? path, string property) => PemFiles.FaultOf(path, property, static path =>
    {
        foreach (var file in CertificateFiles.Of(path))
        {
            PemFiles.ReadCertificateWithKey(file).Dispose();
        }
    });
}
