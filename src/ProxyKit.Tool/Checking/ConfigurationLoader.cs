using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Checking;

/// <summary>Reads the files of a command line, and says what is wrong with them.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Reads the configuration, with all that the command line adds to it.</summary>
    /// <param name="line">What to read and how.</param>
    /// <param name="messages">Who is told about it.</param>
    /// <param name="hasWarnings">Whether there is something that was probably not meant so.</param>
    /// <returns>What the proxy is made of; null where the files cannot be used.</returns>
    public static ProxyOptions? Load(CommandLine line, MessageWriter messages, out bool hasWarnings)
    {
        var result = HAProxyConfiguration.Load(line.Files, new HAProxyConfigurationOptions
        {
            LocalPeer = line.LocalPeer,
            RefusesWarnings = line.RefusesWarnings,
            ResolveNames = line.ResolvesNames,
            ShowsDiagnostics = line.ShowsDiagnostics,
            VerifiesServers = line.VerifiesServers,
        });
        foreach (var diagnostic in result.Diagnostics)
        {
            messages.Write(diagnostic);
        }

        hasWarnings = result.Diagnostics.Any(static d => d.Severity == DiagnosticSeverity.Warning);
        if (!result.IsValid)
        {
            Refuse(result.Diagnostics, messages);
            return null;
        }

        var options = result.Options;
        Complete(options, line);
        if (line.Purpose == Purpose.WriteCSharp && !result.SaysHowLongToDrain)
        {
            options.DrainTimeout = new ProxyOptions().DrainTimeout; // a program that the file becomes part of has its own, as with AddHAProxyConfig
        }

        var faults = Proxy.Check(options, out var warnings);
        Diagnostic[] found =
        [
            .. warnings.Select(w => result.Locate(w, DiagnosticSeverity.Warning)),
            .. faults.Select(f => result.Locate(f)),
        ];
        foreach (var diagnostic in found)
        {
            messages.Write(diagnostic);
        }

        hasWarnings |= warnings.Count > 0;
        if (faults.Count == 0 && !(warnings.Count > 0 && result.RefusesWarnings))
        {
            return options;
        }

        Refuse(found, messages);
        return null;
    }

    private static void Complete(ProxyOptions options, CommandLine line)
    {
        options.MaxConnections = line.MaxConnections ?? options.MaxConnections;
        foreach (var frontend in options.Frontends)
        {
            frontend.MaxConnections ??= line.ProxyMaxConnections;
        }
    }

    private static void Refuse(IReadOnlyList<Diagnostic> diagnostics, MessageWriter messages)
    {
        var files = diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Alert).Select(static d => d.File).Distinct().ToArray();
        if (!diagnostics.Any(static d => d.Severity == DiagnosticSeverity.Alert))
        {
            messages.Alert("config : Some warnings were found and 'zero-warning' is set. Aborting.");
            return;
        }

        foreach (var file in files.Where(static f => f.Length > 0))
        {
            messages.Alert($"config : Error(s) found in configuration file : {file}");
        }

        messages.Alert("config : Fatal errors found in configuration.");
    }
}
