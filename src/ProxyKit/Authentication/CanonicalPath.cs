namespace ProxyKit.Authentication;

/// <summary>Tells paths that can be written in one way only from those that servers may take for another path: what a condition says of the one
/// must hold for the other (RFC 3986 §6.2.2).</summary>
internal static class CanonicalPath
{
    /// <summary>Whether no server can take a path for one that is written differently.</summary>
    /// <param name="path">The path as it came.</param>
    public static bool Is(ReadOnlySpan<byte> path)
    {
        if (path.IndexOfAny("%\\"u8) >= 0 && !HasPlainEscapes(path))
        {
            return false;
        }

        for (var rest = path; rest.IndexOf((byte)'/') is >= 0 and var slash;)
        {
            rest = rest[(slash + 1)..];
            var end = rest.IndexOf((byte)'/');
            var segment = end < 0 ? rest : rest[..end];
            var name = segment.IndexOf((byte)';') is >= 0 and var parameters ? segment[..parameters] : segment; // some servers drop parameters
            if ((name.IsEmpty && (end >= 0 || !segment.IsEmpty)) || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether what is escaped had to be, and is no separator.</summary>
    private static bool HasPlainEscapes(ReadOnlySpan<byte> path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\')
            {
                return false;
            }

            if (path[i] != '%')
            {
                continue;
            }

            if (i + 2 >= path.Length || !byte.TryParse(path.Slice(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var meant)
                || meant is (byte)'/' or (byte)'\\' or (byte)'%' or (byte)';' or < 0x20 or 0x7f
                || char.IsAsciiLetterOrDigit((char)meant) || meant is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                return false;
            }

            i += 2;
        }

        return true;
    }
}
