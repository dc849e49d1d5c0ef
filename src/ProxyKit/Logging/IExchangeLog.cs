using Microsoft.Extensions.Logging;

namespace ProxyKit.Logging;

/// <summary>Is told of everything that ends on the data path, and of what goes wrong in it.</summary>
internal interface IExchangeLog
{
    /// <summary>Whether access lines have a reader; where not, nothing is put together for them.</summary>
    bool IsAccessEnabled { get; }

    /// <summary>Whether lines of a level have a reader.</summary>
    /// <param name="level">How much they matter.</param>
    bool IsAccessEnabledAt(LogLevel level);

    /// <summary>An exchange or tunnel has ended.</summary>
    /// <param name="record">How.</param>
    /// <param name="level">How much it matters.</param>
    void Ended(in ExchangeRecord record, LogLevel level = LogLevel.Information);

    /// <summary>An exchange or tunnel has something for the access log that was put together elsewhere, in a format of the user's.</summary>
    /// <param name="line">The line, in UTF-8, without an end of line.</param>
    /// <param name="level">How much it matters.</param>
    void Line(ReadOnlySpan<byte> line, LogLevel level);

    /// <summary>A request was refused for what is wrong with it.</summary>
    void Refused(System.Net.EndPoint? client, string frontend, string reason);

    /// <summary>A client was not believed to be who it says, or may not do what it asked for.</summary>
    void Unauthenticated(System.Net.EndPoint? client, string frontend, string reason);

    /// <summary>The keys of an issuer of tokens were had.</summary>
    void KeysLearnt(Uri source, int count);

    /// <summary>The keys of an issuer of tokens could not be had; those known so far stay good.</summary>
    void KeysNotLearnt(Uri source, string reason, int known);

    /// <summary>No client can be accepted at the moment.</summary>
    void AcceptFailed(System.Net.EndPoint? address, string reason);

    /// <summary>A connection did not begin with the header of the PROXY protocol that it has to begin with.</summary>
    void ProxyHeaderFailed(System.Net.EndPoint? sender, string frontend, string reason);

    /// <summary>A client's TLS handshake came to nothing.</summary>
    void HandshakeFailed(System.Net.EndPoint? client, string frontend, string reason);

    /// <summary>A circuit breaker does something else from now on.</summary>
    void CircuitChanged(string circuit, string from, string to, TimeSpan breakFor);

    /// <summary>A user's code, or our own, threw on the way of an exchange.</summary>
    void Failed(Exception exception, string frontend);
}
