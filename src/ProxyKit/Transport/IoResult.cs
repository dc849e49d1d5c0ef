namespace ProxyKit.Transport;

/// <summary>The outcome of a receive or a send: the bytes moved, or the reason why none were.</summary>
/// <param name="Bytes">How many bytes were moved; 0 from a receive without error is the end of the stream.</param>
/// <param name="Error">Why the operation failed, or <see cref="TransportError.None"/>.</param>
public readonly record struct IoResult(int Bytes, TransportError Error)
{
    /// <summary>Whether the operation failed.</summary>
    public bool HasError => Error != TransportError.None;

    /// <summary>Whether a receive met the end of what the peer sends.</summary>
    public bool IsEnd => Bytes == 0 && Error == TransportError.None;

    /// <summary>A result of <paramref name="bytes"/> bytes.</summary>
    /// <param name="bytes">The number of bytes moved.</param>
    /// <returns>The result.</returns>
    public static IoResult Moved(int bytes) => new(bytes, TransportError.None);

    /// <summary>A failed result.</summary>
    /// <param name="error">Why it failed.</param>
    /// <returns>The result.</returns>
    public static IoResult Failed(TransportError error) => new(0, error);
}
