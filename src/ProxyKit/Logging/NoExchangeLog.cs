using System.Net;
using Microsoft.Extensions.Logging;

namespace ProxyKit.Logging;

/// <summary>Is told everything and keeps nothing.</summary>
internal sealed class NoExchangeLog : IExchangeLog
{
    public static readonly NoExchangeLog Instance = new();

    private NoExchangeLog()
    {
    }

    /// <inheritdoc/>
    public bool IsAccessEnabled => false;

    /// <inheritdoc/>
    public bool IsAccessEnabledAt(LogLevel level) => false;

    /// <inheritdoc/>
    public void Ended(in ExchangeRecord record, LogLevel level = LogLevel.Information)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void Line(ReadOnlySpan<byte> line, LogLevel level)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void Refused(EndPoint? client, string frontend, string reason)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void Unauthenticated(EndPoint? client, string frontend, string reason)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void KeysLearnt(Uri source, int count)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void KeysNotLearnt(Uri source, string reason, int known)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void AcceptFailed(EndPoint? address, string reason)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void ProxyHeaderFailed(EndPoint? sender, string frontend, string reason)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void HandshakeFailed(EndPoint? client, string frontend, string reason)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void CircuitChanged(string circuit, string from, string to, TimeSpan breakFor)
    {
        // Nobody listens.
    }

    /// <inheritdoc/>
    public void Failed(Exception exception, string frontend)
    {
        // Nobody listens.
    }
}
