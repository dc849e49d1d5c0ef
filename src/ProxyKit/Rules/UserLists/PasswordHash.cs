using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Rules.UserLists;

/// <summary>A password's hash, which the password cannot be had from.</summary>
internal abstract class PasswordHash
{
    /// <summary>Reads a hash of a kind that is known.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = ShaCrypt.TryParse(text, out var crypt) ? crypt : Pbkdf2Hash.TryParse(text, out var derived) ? derived : null;
        return hash is not null;
    }

    /// <summary>Whether it is the hash of the password. Takes as long as for any other of its length, and that is milliseconds.</summary>
    public abstract bool Matches(ReadOnlySpan<byte> password);
}
