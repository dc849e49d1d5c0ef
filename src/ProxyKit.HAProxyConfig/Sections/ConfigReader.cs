using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Files;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.HAProxyConfig.Preprocessing;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads files section by section. Reading goes on behind an error, so that all of them are told at once.</summary>
internal sealed class ConfigReader
{
    private readonly SectionReader _sections;
    private readonly SectionHeads _heads;

    public ConfigReader(HAProxyConfigurationOptions options, ConfigVariables variables, DiagnosticList diagnostics)
    {
        Options = options;
        Variables = variables;
        Diagnostics = diagnostics;
        Files = new DefaultPath(options.Language);
        _sections = new SectionReader(this);
        _heads = new SectionHeads(this);
    }

    public HAProxyConfigurationOptions Options { get; }

    public ConfigVariables Variables { get; }

    public DiagnosticList Diagnostics { get; }

    /// <summary>Where files are whose paths are relative.</summary>
    public DefaultPath Files { get; }

    public ConfigModel Model { get; } = new();

    public void Read(IEnumerable<ConfigFile> files)
    {
        var preprocessor = new Preprocessor(
            Variables, new ConditionFacts(Options.Features ?? ConditionFacts.BuiltIn), Diagnostics, Options.ShowsDiagnostics);
        foreach (var file in files)
        {
            // A section never goes on in the next file.
            OpenSection? open = null;
            Variables.Section = "";
            Files.Enter(file.Name);
            foreach (var line in preprocessor.Lines(file))
            {
                if (_heads.TryOpen(line, out var opened))
                {
                    open = opened;
                    Variables.Section = line.Words[line.Words.Count > 1 ? 1 : 0].Text;
                }
                else if (open is { } section)
                {
                    _sections.Run(line, section.Kind, section.Word, section.Target);
                }
                else
                {
                    var word = line.Words[0].Text;
                    Diagnostics.Alert(line.PlaceOf(0), $"unknown keyword '{word}' out of section{NearestName.Hint(word, SectionHeads.Words)}.");
                }
            }
        }
    }

    /// <inheritdoc cref="SectionReader.RunParameters"/>
    public void RunParameters(ConfigLine line, int index, Section section, object target) =>
        _sections.RunParameters(line, index, section, target);
}

/// <summary>A section whose lines are being read.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Word">Its keyword.</param>
/// <param name="Target">What it is about.</param>
internal sealed record OpenSection(Section Kind, string Word, object? Target);
