namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>Why a line cannot be divided into words.</summary>
/// <param name="Message">What is wrong, in HAProxy's words.</param>
/// <param name="Position">The byte where, from 1.</param>
internal sealed record LexFault(string Message, int Position);
