using System.Text;

namespace ProxyKit.Http;

/// <summary>How the names of some header fields are written, for programs that tell names apart by their case though no name differs by it. HAProxy:
/// <c>h1-case-adjust</c>.</summary>
internal sealed class HeaderCase
{
    private readonly byte[][][] _names; // by their lengths

    public HeaderCase(IEnumerable<string> names)
    {
        var byLength = names.ToLookup(static n => n.Length, Encoding.ASCII.GetBytes);
        _names = [.. Enumerable.Range(0, byLength.Max(static g => g.Key) + 1).Select(length => byLength[length].ToArray())];
    }

    /// <summary>Writes the names of fields so. To be called when nothing is added any more.</summary>
    public void Apply(HeaderBlock headers)
    {
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (!headers.IsRemovedAt(i) && Find(headers.NameAt(i)) is { } name)
            {
                headers.RenameAt(i, name);
            }
        }
    }

    /// <summary>How a name is to be written; null where it is already, or nobody has said.</summary>
    private byte[]? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length >= _names.Length)
        {
            return null;
        }

        foreach (var candidate in _names[name.Length])
        {
            if (Ascii.EqualsIgnoreCase(name, candidate))
            {
                return name.SequenceEqual(candidate) ? null : candidate;
            }
        }

        return null;
    }
}
