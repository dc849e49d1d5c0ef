using System.Globalization;

namespace ProxyKit.HAProxyConfig.Diagnostics;

/// <summary>Collects what there is to say about a configuration, in the order in which it was found.</summary>
internal sealed class DiagnosticList
{
    /// <summary>Nobody reads more messages of one kind than these. Kinds do not take each other's room: what is an error counts, whatever was said
    /// before.</summary>
    public const int Most = 1000;

    private readonly List<Diagnostic> _found = [];
    private readonly int[] _counts = new int[(int)DiagnosticSeverity.Alert + 1];

    public IReadOnlyList<Diagnostic> All => _found;

    public bool HasAlerts => Count(DiagnosticSeverity.Alert) > 0;

    public bool HasWarnings => Count(DiagnosticSeverity.Warning) > 0;

    /// <summary>Whether so much is wrong that there is no use in reading on.</summary>
    public bool HasMostAlerts => Count(DiagnosticSeverity.Alert) >= Most;

    public void Add(Diagnostic diagnostic)
    {
        if (_counts[(int)diagnostic.Severity]++ < Most)
        {
            _found.Add(diagnostic);
        }
    }

    public void Add(DiagnosticSeverity severity, Place place, string message) =>
        Add(new Diagnostic(severity, message, place.File, place.Line, place.Column));

    /// <summary>Says, once all was found, what of it was left out.</summary>
    public void End()
    {
        if (HasMostAlerts)
        {
            _found.Add(new Diagnostic(DiagnosticSeverity.Notice, $"{Most} errors are enough: no more are looked for.", "", 0, 0));
        }

        var warnings = Math.Max(0, Count(DiagnosticSeverity.Warning) - Most);
        var others = Math.Max(0, Count(DiagnosticSeverity.Notice) - Most) + Math.Max(0, Count(DiagnosticSeverity.Diagnostic) - Most);
        if (warnings + others > 0)
        {
            _found.Add(new Diagnostic(
                DiagnosticSeverity.Notice,
                string.Create(CultureInfo.InvariantCulture, $"Left out here: {warnings} more warning(s), {others} more notice(s)."),
                "",
                0,
                0));
        }
    }

    private int Count(DiagnosticSeverity severity) => _counts[(int)severity];

    public void Alert(Place place, string message) => Add(DiagnosticSeverity.Alert, place, message);

    public void Warning(Place place, string message) => Add(DiagnosticSeverity.Warning, place, message);

    public void Notice(Place place, string message) => Add(DiagnosticSeverity.Notice, place, message);

    /// <summary>What the lexer and the preprocessor find: HAProxy leaves out the blank before the colon.</summary>
    public void Narrow(DiagnosticSeverity severity, Place place, string message) =>
        Add(new Diagnostic(severity, message, place.File, place.Line, place.Column) { HasWidePlace = false });
}
