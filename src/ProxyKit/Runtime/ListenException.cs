namespace ProxyKit.Runtime;

/// <summary>An address of a frontend cannot be listened on: it is taken, not ours, or may not be used. The message names frontend, address and
/// reason. Nothing was started or changed.</summary>
public sealed class ListenException : IOException
{
    internal ListenException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
