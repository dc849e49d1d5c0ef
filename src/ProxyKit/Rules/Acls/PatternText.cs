namespace ProxyKit.Rules.Acls;

/// <summary>Bytes of patterns and of what is compared with them.</summary>
internal static class PatternText
{
    /// <summary>Writes text with its ASCII letters in lower case.</summary>
    public static void Fold(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        for (var i = 0; i < text.Length; i++)
        {
            destination[i] = Fold(text[i]);
        }
    }

    /// <summary>Whether a text is the folded one, its own letters in whatever case.</summary>
    public static bool IsFolded(ReadOnlySpan<byte> text, ReadOnlySpan<byte> folded)
    {
        if (text.Length != folded.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (Fold(text[i]) != folded[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a text is, begins with or ends with another.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">What it is compared with.</param>
    /// <param name="relation"><see cref="TextRelation.Is"/>, <see cref="TextRelation.BeginsWith"/> or <see cref="TextRelation.EndsWith"/>.</param>
    /// <param name="folds">Whether the key is in lower case and the text need not be.</param>
    public static bool Matches(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, TextRelation relation, bool folds)
    {
        if (text.Length < key.Length)
        {
            return false;
        }

        var part = relation switch
        {
            TextRelation.BeginsWith => text[..key.Length],
            TextRelation.EndsWith => text[^key.Length..],
            _ => text,
        };
        return folds ? IsFolded(part, key) : part.SequenceEqual(key);
    }

    /// <summary>A byte that is a letter of ASCII in lower case; any other as it is.</summary>
    public static byte Fold(byte b) => (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;

    /// <summary>A pattern's text as it is compared.</summary>
    public static byte[] KeyOf(PatternEntry entry, PatternStyle style)
    {
        if (!style.FoldsText)
        {
            return entry.Key;
        }

        var folded = new byte[entry.Key.Length];
        Fold(entry.Key, folded);
        return folded;
    }

    /// <summary>A hash that nobody outside can foresee: patterns and what they are compared with may come from clients.</summary>
    public static int Hash(ReadOnlySpan<byte> text)
    {
        // The runtime's hash of strings is seeded per process; what the bytes mean as characters is nothing to it.
        var hash = string.GetHashCode(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(text));
        return (text.Length & 1) == 0 ? hash : HashCode.Combine(hash, text[^1]);
    }
}
