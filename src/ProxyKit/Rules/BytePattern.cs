namespace ProxyKit.Rules;

/// <summary>A pattern for the bytes of a path or a value. Its text is a predicate to put behind a noun: <c>begins with /cart</c>.</summary>
internal abstract class BytePattern
{
    public abstract bool Matches(ReadOnlySpan<byte> text);

    /// <summary>What must be true of a path for it to match, in a form that routes are sorted by; null when there is none.</summary>
    public virtual LiteralPattern? Key => null;
}
