using System.Diagnostics.CodeAnalysis;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Mapping;

namespace ProxyKit;

/// <summary>What came of reading haproxy.cfg files.</summary>
public sealed class HAProxyConfigurationResult
{
    private readonly FaultPlaces _places;

    internal HAProxyConfigurationResult(ProxyOptions? options, IReadOnlyList<Diagnostic> diagnostics, FaultPlaces places, bool refusesWarnings)
    {
        RefusesWarnings = refusesWarnings;
        _places = places;
        Options = options;
        Diagnostics = diagnostics;
    }

    /// <summary>What the proxy is made of, for <see cref="Proxy.Create(ProxyOptions, ProxyEnvironment?)"/> or
    /// <see cref="Proxy.ReloadAsync(ProxyOptions, CancellationToken)"/>; null where the files cannot be used.</summary>
    public ProxyOptions? Options { get; }

    /// <summary>All that there is to say about the files, in the order in which it was found.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Whether a warning is reason enough to refuse the configuration. HAProxy: <c>-dW</c>, <c>zero-warning</c>.</summary>
    public bool RefusesWarnings { get; }

    /// <summary>Whether the files have <c>hard-stop-after</c>. Where they do not, <see cref="ProxyOptions.DrainTimeout"/> is what HAProxy does then, which is not
    /// what somebody has said: a program that the files are a part of may have something else.</summary>
    public bool SaysHowLongToDrain { get; internal init; }

    /// <summary>Whether the files can be used.</summary>
    [MemberNotNullWhen(true, nameof(Options))]
    public bool IsValid => Options is not null;

    /// <summary>Says which line is meant by what <see cref="Proxy.Check(ProxyOptions)"/> finds wrong with <see cref="Options"/>.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="severity">How much it matters.</param>
    /// <returns>The fault with its place; without one where it comes from no line.</returns>
    public Diagnostic Locate(string fault, DiagnosticSeverity severity = DiagnosticSeverity.Alert)
    {
        ArgumentException.ThrowIfNullOrEmpty(fault);
        return _places.Find(severity, fault);
    }

    /// <summary>What the proxy is made of.</summary>
    /// <returns>The options.</returns>
    /// <exception cref="HAProxyConfigurationException">The files cannot be used; it lists all that is wrong with them.</exception>
    public ProxyOptions GetOptionsOrThrow() => Options ?? throw new HAProxyConfigurationException(Diagnostics);

    /// <summary>Writes the messages as HAProxy does, one below the other, with its last words where the files cannot be used.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var diagnostic in Diagnostics)
        {
            writer.WriteLine(diagnostic.ToText(Environment.ProcessId));
        }

        if (IsValid)
        {
            return;
        }

        foreach (var file in Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Alert).Select(static d => d.File).Distinct())
        {
            writer.WriteLine(Last($"Error(s) found in configuration file : {file}"));
        }

        writer.WriteLine(Last("Fatal errors found in configuration."));

        static string Last(string message) =>
            new Diagnostic(DiagnosticSeverity.Alert, message, "", 0, 0).ToText(Environment.ProcessId);
    }

    /// <summary>The messages as HAProxy prints them.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        WriteTo(writer);
        return writer.ToString();
    }
}
