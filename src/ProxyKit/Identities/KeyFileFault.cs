using System.Security.Cryptography;

namespace ProxyKit.Identities;

/// <summary>Why a file with a key cannot be had, in words about the file rather than those of what reads it.</summary>
internal static class KeyFileFault
{
    /// <summary>Whether an exception is about the file, so that there is something to say.</summary>
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or FormatException;

    /// <summary>The fault that is told.</summary>
    /// <param name="path">The file.</param>
    /// <param name="e">What reading it came to.</param>
    /// <param name="wanted">What was to be in it: <c>public key</c>.</param>
    public static FormatException Of(string path, Exception e, string wanted) => new($"could not load the key '{path}': {Text(e, wanted)}", e);

    private static string Text(Exception e, string wanted) => e switch
    {
        FormatException => e.Message, // our own
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it is no file that may be read",
        IOException => "it cannot be read",
        ArgumentException => $"there is no {wanted} in PEM in it",
        _ => $"the {wanted} in it is damaged, or of a kind that is not taken",
    };
}
