namespace ProxyKit.HAProxyConfig.Diagnostics;

/// <summary>Collects what there is to say about a configuration, in the order in which it was found.</summary>
internal sealed class DiagnosticList
{
    /// <summary>A file of nothing but errors is not worth more messages than these.</summary>
    public const int Most = 1000;

    private readonly List<Diagnostic> _found = [];

    public IReadOnlyList<Diagnostic> All => _found;

    public bool HasAlerts { get; private set; }

    public bool HasWarnings { get; private set; }

    public bool IsFull => _found.Count >= Most;

    public void Add(Diagnostic diagnostic)
    {
        HasAlerts |= diagnostic.Severity == DiagnosticSeverity.Alert;
        HasWarnings |= diagnostic.Severity == DiagnosticSeverity.Warning;
        if (!IsFull)
        {
            _found.Add(diagnostic);
        }
    }

    public void Alert(Place place, string message) => Add(DiagnosticSeverity.Alert, place, message);

    public void Warning(Place place, string message) => Add(DiagnosticSeverity.Warning, place, message);

    public void Notice(Place place, string message) => Add(DiagnosticSeverity.Notice, place, message);

    /// <summary>What the lexer and the preprocessor find: HAProxy leaves out the blank before the colon.</summary>
    public void Narrow(DiagnosticSeverity severity, Place place, string message) =>
        Add(new Diagnostic(severity, message, place.File, place.Line, place.Column) { HasWidePlace = false });

    private void Add(DiagnosticSeverity severity, Place place, string message) =>
        Add(new Diagnostic(severity, message, place.File, place.Line, place.Column));
}
