using System.Globalization;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Files;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.HAProxyConfig.Units;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>One use of a keyword: its arguments, what it is about, and a way to say what is wrong. Arguments count from 0.</summary>
/// <param name="reader">What reads the configuration.</param>
/// <param name="line">The line it stands in.</param>
/// <param name="keyword">The keyword.</param>
/// <param name="first">The word that is the first argument.</param>
/// <param name="count">How many arguments there are.</param>
internal sealed class Statement(ConfigReader reader, ConfigLine line, Keyword keyword, int first, int count)
{
    public ConfigModel Model => reader.Model;

    public HAProxyConfigurationOptions Options => reader.Options;

    /// <summary>The words that expressions may use.</summary>
    public RuleLanguage? Language => reader.Files.Language;

    /// <summary>A file, below a directory where one is given and the path is relative, and below that of <c>default-path</c>.</summary>
    public string PathOf(string written, string? directory = null) => reader.Files.PathOf(ReferredFile.PathOf(written, directory));

    /// <summary>Where files are from here on whose paths are relative. HAProxy: <c>default-path</c>.</summary>
    public DefaultPath Files => reader.Files;

    public ConfigVariables Variables => reader.Variables;

    public DiagnosticList Diagnostics => reader.Diagnostics;

    public ConfigLine Line => line;

    /// <summary>The keyword's word or words.</summary>
    public string Name => keyword.Name;

    /// <summary>The keyword as it was written, with what stands in brackets behind it.</summary>
    public string Word => line.Words[first - 1].Text;

    /// <summary>What has to follow the keyword.</summary>
    public string Expected => keyword.Arguments;

    /// <summary>The same line read as a use of another keyword, whose arguments begin later.</summary>
    public Statement As(Keyword other, int skipped) => new(reader, line, other, first + skipped, Math.Max(0, count - skipped)) { Target = Target };

    /// <summary>Whether <c>no</c> stands before it.</summary>
    public bool IsNegated { get; init; }

    /// <summary>What the section or the line is about.</summary>
    public object? Target { get; init; }

    public ProxySection Proxy => (ProxySection)Target!; // keywords of proxies stand in nothing else

    public BindSection Bind => (BindSection)Target!; // likewise

    /// <summary>What is said about checks, in a proxy or in a section of its own.</summary>
    public CheckDraft Check => Target is HealthCheckSection section ? section.Draft : Proxy.Settings.Check;

    public ServerSettings Server => (ServerSettings)Target!; // likewise

    public int Count => count;

    /// <summary>An argument; empty where there is none.</summary>
    public string this[int index] => index < count ? line.Words[first + index].Text : "";

    public IReadOnlyList<Word> Arguments => [.. line.Words.Skip(first).Take(count)];

    /// <summary>Where the keyword stands.</summary>
    public Place Place => line.PlaceOf(Math.Max(0, first - 1));

    public Place PlaceOf(int index) => index < count ? line.PlaceOf(first + index) : Place;

    public void Alert(string message) => Diagnostics.Alert(Place, message);

    public void Alert(int index, string message) => Diagnostics.Alert(PlaceOf(index), message);

    public void Warning(int index, string message) => Diagnostics.Warning(PlaceOf(index), message);

    public void Notice(int index, string message) => Diagnostics.Notice(PlaceOf(index), message);

    /// <summary>Runs the parameters from an argument on.</summary>
    public void RunParameters(int index, Section section, object target) => reader.RunParameters(line, first + index, section, target);

    /// <summary>Runs the parameters of <c>bind</c> that stand in a line of another file.</summary>
    public void RunParameters(ConfigLine other, int index, BindSection target) => reader.RunParameters(other, index, Section.Bind, target);

    /// <summary>Whether nobody can be mistaken about where a secret ends: it is in quotes, or the last argument. Says so where it is not, of the line nothing: what
    /// stands behind it may be the rest of it.</summary>
    public bool EndsSecret(int index)
    {
        if (index >= count - 1 || line.Words[first + index].IsQuoted)
        {
            return true;
        }

        Alert(index, $"'{Name}' : a secret with parameters behind it stands in quotes.");
        return false;
    }

    /// <summary>Whether the section has not said it before; says so where it has.</summary>
    public bool IsFirst()
    {
        var key = (Target!, Name); // what stands in a section is about it
        if (Model.Said.TryAdd(key, Place))
        {
            return true;
        }

        Alert($"'{Name}' : there is one already, at {Model.Said[key]}.");
        return false;
    }

    /// <summary>Reads an argument as an integer; says so where it is none.</summary>
    public bool TryInteger(int index, int least, int most, out int value)
    {
        if (int.TryParse(this[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most)
        {
            return true;
        }

        Alert(index, most == int.MaxValue
            ? $"'{Name}' expects an integer of {least} or more (got '{this[index]}')."
            : $"'{Name}' expects an integer from {least} to {most} (got '{this[index]}').");
        return false;
    }

    /// <summary>Reads an argument as a time; says so where it is none.</summary>
    public bool TryTime(int index, out TimeSpan time, bool inSeconds = false)
    {
        if (ConfigTime.Read(this[index], Name, out time, inSeconds) is { } fault)
        {
            Alert(index, $"{fault}.");
            return false;
        }

        return true;
    }

    /// <summary>Reads an argument as one of a few words; says so where it is another.</summary>
    public bool TryChoice<T>(int index, out T value, params (string Word, T Value)[] choices)
    {
        foreach (var (word, choice) in choices)
        {
            if (this[index] == word)
            {
                value = choice;
                return true;
            }
        }

        value = default!; // not to be read, as the result says
        Alert(
            index,
            $"'{Name}' only supports {string.Join(", ", choices.Select(static c => $"'{c.Word}'"))} (got '{this[index]}')"
            + $"{NearestName.Hint(this[index], choices.Select(static c => c.Word))}");
        return false;
    }
}
