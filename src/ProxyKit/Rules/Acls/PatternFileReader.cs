namespace ProxyKit.Rules.Acls;

/// <summary>Reads files of patterns and maps.</summary>
internal static class PatternFileReader
{
    private const string OptionalPrefix = "opt@";
    private const string VirtualPrefix = "virt@";

    /// <summary>Reads a file.</summary>
    /// <param name="name">Its name; <c>opt@</c> in front is for one that may be missing, <c>virt@</c> for one that does not exist.</param>
    /// <param name="asMap">Whether the first word of a line is the key and the rest its value, or the whole line is the pattern.</param>
    /// <exception cref="RuleFaultException">It cannot be read.</exception>
    public static List<PatternLine> Read(string name, bool asMap)
    {
        var path = name;
        var isOptional = name.StartsWith(OptionalPrefix, StringComparison.Ordinal);
        if (isOptional)
        {
            path = name[OptionalPrefix.Length..];
        }
        else if (name.StartsWith(VirtualPrefix, StringComparison.Ordinal))
        {
            return [];
        }

        try
        {
            return path.Length > 0 ? Parse(File.ReadAllBytes(path), asMap) : throw new FileNotFoundException(null, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && isOptional && path.Length > 0)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RuleFaultException($"failed to open pattern file <{path}>", e);
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    public static List<PatternLine> Parse(ReadOnlySpan<byte> bytes, bool asMap)
    {
        var lines = new List<PatternLine>();
        for (var number = 1; !bytes.IsEmpty; number++)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            var isComment = line.StartsWith("#"u8); // in the first column only: elsewhere it belongs to the pattern
            line = line.Trim(" \t\r"u8);
            if (isComment || line.IsEmpty)
            {
                continue;
            }

            var blank = asMap ? line.IndexOfAny((byte)' ', (byte)'\t') : -1;
            var key = blank < 0 ? line : line[..blank];
            var value = blank < 0 ? default : line[blank..].TrimStart(" \t"u8);
            lines.Add(new(key.ToArray(), asMap ? new PatternValue(value) : null, number));
        }

        return lines;
    }
}
