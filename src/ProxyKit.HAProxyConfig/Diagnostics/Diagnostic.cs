using System.Globalization;

namespace ProxyKit.HAProxyConfig.Diagnostics;

/// <summary>A message about a configuration, with its place.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What there is to say, in HAProxy's words where it says the same.</param>
/// <param name="File">The file, as it was named to the reader.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">Where in the line the word begins that is meant, in bytes from 1; 0 for the line as a whole.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string Message, string File, int Line, int Column)
{
    /// <summary>Whether a blank stands before the colon behind the place. HAProxy's lexer and a few of its sections leave it out.</summary>
    internal bool HasWidePlace { get; init; } = true;

    /// <summary>The message as HAProxy prints it, label and process included.</summary>
    /// <param name="processId">The process's number, as in <c>(4711)</c>.</param>
    /// <returns>One line, or several where the message has several.</returns>
    public string ToText(int processId) => string.Create(
        CultureInfo.InvariantCulture, $"{Label,-10} ({processId}) : config : {this}");

    /// <summary>The message with its place, as in <c>parsing [a.cfg:12] : unknown keyword 'bnd' in 'frontend' section</c>.</summary>
    /// <returns>The text; the message alone where it is about no line.</returns>
    public override string ToString() => Line > 0
        ? string.Create(CultureInfo.InvariantCulture, $"parsing [{File}:{Line}]{(HasWidePlace ? " : " : ": ")}{Message}")
        : Message;

    private string Label => Severity switch
    {
        DiagnosticSeverity.Alert => "[ALERT]",
        DiagnosticSeverity.Warning => "[WARNING]",
        DiagnosticSeverity.Notice => "[NOTICE]",
        _ => "[DIAG]",
    };
}
