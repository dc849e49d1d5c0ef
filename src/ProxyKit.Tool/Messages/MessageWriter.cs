using System.Globalization;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Tool.CommandLines;

namespace ProxyKit.Tool.Messages;

/// <summary>Writes messages in HAProxy's form: label, process, text. May be used by several threads.</summary>
/// <param name="writer">Where to.</param>
/// <param name="isQuiet">Whether nothing is written at all.</param>
internal sealed class MessageWriter(TextWriter writer, bool isQuiet)
{
    private readonly Lock _lock = new(); // guards what follows
    private TextWriter _writer = writer;
    private bool _hasSaidWho;

    /// <summary>Writes to another writer from here on.</summary>
    public void Use(TextWriter other)
    {
        lock (_lock)
        {
            _writer = other;
        }
    }

    public void Alert(string text) => Write(DiagnosticSeverity.Alert, "[ALERT]", text);

    public void Warning(string text) => Write(DiagnosticSeverity.Warning, "[WARNING]", text);

    public void Notice(string text) => Write(DiagnosticSeverity.Notice, "[NOTICE]", text);

    public void Debug(string text) => Write(DiagnosticSeverity.Diagnostic, "[DEBUG]", text);

    /// <summary>Writes what there is to say about a configuration.</summary>
    public void Write(Diagnostic diagnostic) => WriteLine(diagnostic.Severity, diagnostic.ToText(Environment.ProcessId));

    private void Write(DiagnosticSeverity severity, string label, string text) => WriteLine(severity, Format(label, text));

    private void WriteLine(DiagnosticSeverity severity, string line)
    {
        if (isQuiet)
        {
            return;
        }

        lock (_lock)
        {
            try
            {
                WriteLocked(severity, line);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // A full disk costs the line, as it does those of the access log; what was to be told goes on.
            }
        }
    }

    private void WriteLocked(DiagnosticSeverity severity, string line)
    {
        if (severity >= DiagnosticSeverity.Warning && !_hasSaidWho)
        {
            // As in HAProxy, before the first message that may end in a report of a fault.
            _hasSaidWho = true;
            _writer.WriteLine(Format("[NOTICE]", $"proxykit version is {ToolVersion.Number}"));
            _writer.WriteLine(Format("[NOTICE]", $"path to executable is {Environment.ProcessPath}"));
        }

        _writer.WriteLine(line);
    }

    private static string Format(string label, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{label,-10} ({Environment.ProcessId}) : {text}");
}
