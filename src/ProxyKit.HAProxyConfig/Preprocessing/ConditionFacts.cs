using System.Security.Cryptography;

namespace ProxyKit.HAProxyConfig.Preprocessing;

/// <summary>What conditional blocks can ask about the program that reads the configuration.</summary>
/// <param name="Features">What is built in, by HAProxy's names.</param>
internal sealed record ConditionFacts(IReadOnlyCollection<string> Features)
{
    /// <summary>The version of HAProxy whose configuration language this is.</summary>
    public static readonly ConfigVersion Version = ConfigVersion.Parse("3.5.0")!.Value; // a constant that parses

    /// <summary>What conditions mean by its branch.</summary>
    public const string Branch = "3.5";

    /// <summary>What ProxyKit has of what HAProxy can be built with.</summary>
    public static readonly IReadOnlyCollection<string> BuiltIn = ["CRYPT_H", "GETADDRINFO", "OPENSSL", "THREAD"];

    /// <summary>The TLS library's name; empty where it is the system's own.</summary>
    public static string TlsLibrary => OpenSslVersion is { } version ? $"OpenSSL {version}" : "";

    /// <summary>The version of OpenSSL; null where there is none.</summary>
    public static ConfigVersion? OpenSslVersion
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return null;
            }

            try
            {
                var number = SafeEvpPKeyHandle.OpenSslVersion; // MNNFFPPS
                return new ConfigVersion((int)(number >> 28), (int)(number >> 20 & 0xFF), (int)(number >> 4 & 0xFF), int.MaxValue);
            }
            catch (TypeInitializationException)
            {
                return null; // no library is installed
            }
        }
    }
}
