using System.Text;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.HAProxyConfig.Mapping;
using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit;

/// <summary>Reads haproxy.cfg files: <c>HAProxyConfiguration.Load("haproxy.cfg")</c>.</summary>
/// <remarks>Each keyword runs as HAProxy runs it, or is refused with its place; where one means nothing here by its nature, a notice says so.
/// Nothing is passed over in silence. docs/haproxy-config.md lists them all.</remarks>
public static class HAProxyConfiguration
{
    /// <summary>Reads a file, or the <c>*.cfg</c> files of a directory in the order of their names.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="options">How to read; null for the usual.</param>
    /// <returns>The proxy's options, and all that there is to say about the files. What is wrong with them is said there, never thrown.</returns>
    public static HAProxyConfigurationResult Load(string path, HAProxyConfigurationOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Load([path], options);
    }

    /// <summary>Reads files and directories, one after the other, as if they were one; only sections do not go on from one to the next.</summary>
    /// <param name="paths">The files and directories; HAProxy's <c>-f</c>, repeated.</param>
    /// <param name="options">How to read; null for the usual.</param>
    /// <returns>The proxy's options, and all that there is to say about the files.</returns>
    public static HAProxyConfigurationResult Load(IEnumerable<string> paths, HAProxyConfigurationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var diagnostics = new DiagnosticList();
        return Read(ConfigFiles.Read(paths, diagnostics), options ?? new(), diagnostics);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text; ends with a line feed, as files do.</param>
    /// <param name="options">How to read; null for the usual.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>The proxy's options, and all that there is to say about the text.</returns>
    public static HAProxyConfigurationResult Parse(string text, HAProxyConfigurationOptions? options = null, string name = "haproxy.cfg")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Read([new ConfigFile(name, Encoding.UTF8.GetBytes(text))], options ?? new(), new());
    }

    private static HAProxyConfigurationResult Read(List<ConfigFile> files, HAProxyConfigurationOptions options, DiagnosticList diagnostics)
    {
        var variables = new ConfigVariables(options.Environment ?? PredefinedVariables.OfProcess());
        PredefinedVariables.Add(variables, files, options);
        var reader = new ConfigReader(options, variables, diagnostics);
        reader.Model.Global.VerifiesServers = options.VerifiesServers; // which the files may change
        reader.Read(files);
        var mapped = new ProxyMapper(reader.Model, options, diagnostics).Map(files.Count > 0 ? files[0].Name : "");
        var refusesWarnings = options.RefusesWarnings || reader.Model.Global.RefusesWarnings;
        diagnostics.End();
        var isRefused = diagnostics.HasAlerts || (refusesWarnings && diagnostics.HasWarnings);
        return new HAProxyConfigurationResult(isRefused ? null : mapped, diagnostics.All, new FaultPlaces(reader.Model), refusesWarnings)
        {
            SaysHowLongToDrain = reader.Model.Global.HardStopAfter is not null,
        };
    }
}
