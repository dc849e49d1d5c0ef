using System.Globalization;
using System.Text;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>The environment that a configuration sees: the process's, with what the configuration itself has set so far. The process's own is
/// left alone.</summary>
internal sealed class ConfigVariables
{
    /// <summary>The names of what says where a line stands.</summary>
    public static readonly IReadOnlyList<string> OfPlace = [".FILE", ".LINE", ".SECTION"];

    private readonly Dictionary<string, string> _values;

    public ConfigVariables(IEnumerable<KeyValuePair<string, string>> environment) => _values = new(environment, StringComparer.Ordinal);

    /// <summary>Where the line stands that is being read, for <c>.FILE</c> and <c>.LINE</c>.</summary>
    public Place Place { get; set; } = new("", 0);

    /// <summary>The name of the section that is being read, for <c>.SECTION</c>; its keyword where it has none, empty before the first.</summary>
    public string Section { get; set; } = "";

    /// <summary>A variable's value as bytes, each in a character; null where it is not set.</summary>
    public string? Find(string name) => name switch
    {
        ".FILE" => AsBytes(Place.File),
        ".LINE" => Place.Line.ToString(CultureInfo.InvariantCulture),
        ".SECTION" => AsBytes(Section),
        _ => _values.TryGetValue(name, out var value) ? AsBytes(value) : null,
    };

    public bool IsSet(string name) => _values.ContainsKey(name);

    /// <summary>HAProxy: <c>setenv</c>.</summary>
    public void Set(string name, string value) => _values[name] = value;

    /// <summary>HAProxy: <c>presetenv</c>.</summary>
    public void SetIfAbsent(string name, string value) => _values.TryAdd(name, value);

    /// <summary>HAProxy: <c>unsetenv</c>.</summary>
    public void Unset(string name) => _values.Remove(name);

    /// <summary>Forgets all but the named ones. HAProxy: <c>resetenv</c>.</summary>
    public void Reset(IReadOnlyCollection<string> kept)
    {
        foreach (var name in _values.Keys.Where(name => !kept.Contains(name)).ToArray())
        {
            _values.Remove(name);
        }
    }

    private static string AsBytes(string value) =>
        Ascii.IsValid(value) ? value : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));
}
