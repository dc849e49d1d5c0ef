namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>A piece of code that stands on one line where it fits, and on several where not.</summary>
internal abstract class Code
{
    /// <summary>The code on one line; null where it needs several.</summary>
    public abstract string? Flat { get; }

    /// <summary>Whether it may begin on the line of the call that it is the last argument of, though it needs several.</summary>
    public virtual bool Hugs => false;

    public static implicit operator Code(string text) => new CodeText(text);

    public void WriteTo(CodeLines lines)
    {
        if (Flat is { } text && lines.HasRoomFor(text))
        {
            lines.Append(text);
        }
        else
        {
            WriteBroken(lines);
        }
    }

    /// <summary>Writes it on several lines, where it has a place to break.</summary>
    protected abstract void WriteBroken(CodeLines lines);

    /// <summary>The pieces on one line; null where one of them needs several.</summary>
    protected static string? Join(string separator, IEnumerable<Code> pieces)
    {
        var texts = pieces.Select(static p => p.Flat).ToArray();
        return Array.TrueForAll(texts, static t => t is not null) ? string.Join(separator, texts) : null;
    }
}
