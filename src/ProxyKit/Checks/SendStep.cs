namespace ProxyKit.Checks;

/// <summary>Sends bytes. What had come before is forgotten. HAProxy: <c>tcp-check send</c>, <c>tcp-check send-binary</c>.</summary>
public sealed class SendStep : CheckStep
{
    /// <summary>The bytes.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }
}
