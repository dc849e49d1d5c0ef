using ProxyKit.Rules.Expressions;

namespace ProxyKit.Checks;

/// <summary>Sends bytes. What had come before is forgotten. HAProxy: <c>tcp-check send</c>, <c>send-lf</c>, <c>send-binary</c>, <c>send-binary-lf</c>.</summary>
public sealed class SendStep : CheckStep
{
    /// <summary>The bytes.</summary>
    /// <value>Empty by default, and of no meaning where there is a <see cref="Format"/>.</value>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>A text that each check makes anew, sent in the place of <see cref="Bytes"/>. HAProxy: <c>send-lf</c>.</summary>
    /// <value>Null by default.</value>
    public Expression? Format { get; init; }

    /// <summary>Whether <see cref="Format"/> makes hexadecimal digits, two for each byte that is sent; a check in which it makes anything else fails. HAProxy:
    /// <c>send-binary-lf</c>.</summary>
    public bool IsHexadecimal { get; init; }
}
