using Microsoft.Extensions.Logging;

namespace ProxyKit.Logging;

/// <summary>The messages of the categories <c>ProxyKit</c> and <c>ProxyKit.Access</c>.</summary>
internal static partial class ProxyKitLog
{
    /// <summary>What a proxy has to say about itself.</summary>
    public const string Category = "ProxyKit";

    /// <summary>A line for each exchange and tunnel.</summary>
    public const string AccessCategory = "ProxyKit.Access";

    [LoggerMessage(EventId = 20, Message = "{Line}")]
    public static partial void AccessLine(this ILogger logger, LogLevel level, string line);

    [LoggerMessage(21, LogLevel.Information, "Frontend {Frontend} refused a message of {Client}: {Reason}")]
    public static partial void RefusedRequest(this ILogger logger, string frontend, string client, string reason);

    [LoggerMessage(22, LogLevel.Information, "A response of {Server} was refused: {Reason}")]
    public static partial void RefusedResponse(this ILogger logger, string server, string reason);

    [LoggerMessage(23, LogLevel.Information, "The TLS handshake of {Client} with frontend {Frontend} failed: {Reason}")]
    public static partial void HandshakeFailed(this ILogger logger, string frontend, string client, string reason);

    [LoggerMessage(36, LogLevel.Information, "Frontend {Frontend} has closed a connection of {Sender}: {Reason}")]
    public static partial void ProxyHeaderFailed(this ILogger logger, string frontend, string sender, string reason);

    [LoggerMessage(24, LogLevel.Error, "An exchange of frontend {Frontend} ended by an exception")]
    public static partial void ExchangeFailed(this ILogger logger, Exception exception, string frontend);

    [LoggerMessage(25, LogLevel.Warning, "No client can be accepted on {Address}: {Reason} (told once in {Seconds} seconds)")]
    public static partial void AcceptFailed(this ILogger logger, string address, string reason, int seconds);

    [LoggerMessage(26, LogLevel.Error, "The access log's writer failed; lines are lost")]
    public static partial void AccessWriterFailed(this ILogger logger, Exception exception);

    [LoggerMessage(27, LogLevel.Warning, "The circuit breaker of {Circuit} is no longer {From} but {To}, for {Time}")]
    public static partial void CircuitOpened(this ILogger logger, string circuit, string from, string to, TimeSpan time);

    [LoggerMessage(28, LogLevel.Information, "The circuit breaker of {Circuit} is no longer {From} but {To}")]
    public static partial void CircuitChanged(this ILogger logger, string circuit, string from, string to);

    [LoggerMessage(29, LogLevel.Information, "Frontend {Frontend} did not let {Client} in: {Reason}")]
    public static partial void Unauthenticated(this ILogger logger, string frontend, string client, string reason);

    [LoggerMessage(30, LogLevel.Information, "{Count} keys of an issuer of tokens are known from {Source}")]
    public static partial void KeysLearnt(this ILogger logger, Uri source, int count);

    [LoggerMessage(31, LogLevel.Warning, "The keys of an issuer of tokens cannot be had from {Source}: {Reason} ({Known} are known from before)")]
    public static partial void KeysNotLearnt(this ILogger logger, Uri source, string reason, int known);

    [LoggerMessage(10, LogLevel.Information, "Frontend {Frontend} listens on {Address}")]
    public static partial void Listening(this ILogger logger, string frontend, System.Net.EndPoint? address);

    [LoggerMessage(11, LogLevel.Information, "No longer listening on {Address}")]
    public static partial void NoLongerListening(this ILogger logger, System.Net.EndPoint? address);

    [LoggerMessage(12, LogLevel.Information, "A configuration is in force: {Frontends} frontends, {Backends} backends")]
    public static partial void Applied(this ILogger logger, int frontends, int backends);

    [LoggerMessage(13, LogLevel.Error, "A configuration was refused and nothing changed: {Faults}")]
    public static partial void Refused(this ILogger logger, string faults);

    [LoggerMessage(14, LogLevel.Information, "Draining: {Connections} connections have {Limit} to end")]
    public static partial void Draining(this ILogger logger, int connections, TimeSpan limit);

    [LoggerMessage(15, LogLevel.Information, "Drained: every connection has ended")]
    public static partial void Drained(this ILogger logger);

    [LoggerMessage(16, LogLevel.Warning, "{Connections} connections had not ended after {Limit} and were closed")]
    public static partial void DrainTimedOut(this ILogger logger, int connections, TimeSpan limit);
}
