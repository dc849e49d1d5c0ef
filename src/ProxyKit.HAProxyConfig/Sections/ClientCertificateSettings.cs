using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a bind, or a line of a list of certificates, says about the certificates of clients. Null stands for what was never said.</summary>
internal sealed class ClientCertificateSettings
{
    /// <summary>HAProxy: <c>verify</c>.</summary>
    public ClientVerification? Verification { get; set; }

    /// <summary>HAProxy: <c>ca-file</c>.</summary>
    public string? CaPath { get; set; }

    /// <summary>HAProxy: <c>ca-verify-file</c>.</summary>
    public string? CaVerifyPath { get; set; }

    /// <summary>HAProxy: <c>ca-file @system-ca</c>.</summary>
    public bool TrustsSystem { get; set; }

    /// <summary>HAProxy: <c>crl-file</c>.</summary>
    public string? CrlPath { get; set; }

    /// <summary>HAProxy: <c>no-ca-names</c>.</summary>
    public bool IsSilent { get; set; }

    /// <summary>HAProxy: <c>crt-ignore-err</c>.</summary>
    public (bool All, int[] Codes) Ignored { get; set; } = (false, []);

    /// <summary>HAProxy: <c>ca-ignore-err</c>.</summary>
    public (bool All, int[] Codes) IgnoredOfAuthorities { get; set; } = (false, []);

    /// <summary>Whether there is anybody that certificates may come from.</summary>
    public bool HasAuthorities => TrustsSystem || CaPath is not null || CaVerifyPath is not null;

    /// <summary>Whether it says anything.</summary>
    public bool IsAny => Verification is not null || HasAuthorities || CrlPath is not null || IsSilent;

    /// <summary>The same, with what is not said here as another one has it.</summary>
    public ClientCertificateSettings Over(ClientCertificateSettings other) => new()
    {
        Verification = Verification ?? other.Verification,
        CaPath = HasAuthorities ? CaPath : other.CaPath,
        CaVerifyPath = HasAuthorities ? CaVerifyPath : other.CaVerifyPath,
        TrustsSystem = HasAuthorities ? TrustsSystem : other.TrustsSystem,
        CrlPath = CrlPath ?? other.CrlPath,
        IsSilent = IsSilent || other.IsSilent,
        Ignored = other.Ignored, // lines of lists cannot say that
        IgnoredOfAuthorities = other.IgnoredOfAuthorities,
    };

    /// <summary>The options; null where clients are not asked.</summary>
    public ClientCertificateOptions? ToOptions()
    {
        if (Verification is null or ClientVerification.None)
        {
            return null;
        }

        var options = new ClientCertificateOptions
        {
            IsRequired = Verification == ClientVerification.Required,
            CaPath = CaPath,
            CaVerifyPath = CaVerifyPath,
            TrustsSystem = TrustsSystem,
            CrlPath = CrlPath,
            TellsAuthorities = !IsSilent,
            IgnoresAllErrors = Ignored.All,
            IgnoresAllAuthorityErrors = IgnoredOfAuthorities.All,
        };
        foreach (var code in Ignored.Codes)
        {
            options.IgnoredErrors.Add(code);
        }

        foreach (var code in IgnoredOfAuthorities.Codes)
        {
            options.IgnoredAuthorityErrors.Add(code);
        }

        return options;
    }
}
