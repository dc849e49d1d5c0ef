namespace ProxyKit.Http;

/// <summary>A piece of a body, decoded, in the buffer it was received in. Valid until the next piece is asked for.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Offset">Where the piece starts in it.</param>
/// <param name="Length">Its length; may be 0, for a last piece.</param>
/// <param name="IsLast">Whether the body ends with this piece.</param>
/// <param name="HeadRoom">How many bytes before the piece whoever sends it may overwrite, for the framing it adds.</param>
/// <param name="TailRoom">How many bytes behind the piece likewise.</param>
internal readonly record struct BodySegment(byte[] Buffer, int Offset, int Length, bool IsLast, int HeadRoom, int TailRoom)
{
    /// <summary>A body without bytes.</summary>
    public static BodySegment Empty => new([], 0, 0, IsLast: true, 0, 0);

    public ReadOnlyMemory<byte> Memory => Buffer.AsMemory(Offset, Length);
}
