using ProxyKit.HAProxyConfig.Files;
using ProxyKit.HAProxyConfig.Units;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A word that may stand at the end of a line, alone or with a value behind it, and what it sets.</summary>
internal sealed class Parameter<T>
{
    private readonly Func<Statement, int, Action<T>?> _read;
    private readonly bool _takesValue;
    private readonly bool _isSingle; // a second one would take the place of the first; texts and files may be several

    private Parameter(string name, Func<Statement, int, Action<T>?> read, bool takesValue = true, bool isSingle = false) =>
        (Name, _read, _takesValue, _isSingle) = (name, read, takesValue, isSingle);

    public string Name { get; }

    /// <summary>A word that stands alone.</summary>
    public static Parameter<T> Flag(string name, Action<T> set) => new(name, (_, _) => set, takesValue: false);

    public static Parameter<T> Text(string name, Action<T, string> set) => Of(name, static (s, index) => s[index], set);

    /// <summary>A text that nobody else is to see, not even in an alert about what stands behind it: it is certain where it ends.</summary>
    public static Parameter<T> Secret(string name, Action<T, string> set) => Of(name, static (s, index) => s.EndsSecret(index) ? s[index] : null, set);

    /// <summary>A path of a file that has to be there.</summary>
    public static Parameter<T> File(string name, Action<T, string> set) => Of(
        name,
        (s, index) =>
        {
            var path = s.PathOf(s[index]);
            if (ReferredFile.Check(path) is not { } fault)
            {
                return path;
            }

            s.Alert(index, $"'{s.Name}' : '{name}' : '{path}': {fault}.");
            return null;
        },
        set);

    /// <summary>A value of any kind; who reads it says what is wrong with it, and returns null.</summary>
    public static Parameter<T> Of<TValue>(string name, Func<Statement, int, TValue?> read, Action<T, TValue> set)
        where TValue : class => new(name, (s, index) => read(s, index) is { } value ? target => set(target, value) : null);

    public static Parameter<T> Time(string name, Action<T, TimeSpan> set) => new(
        name, (s, index) => s.TryTime(index, out var time) ? target => set(target, time) : null, isSingle: true);

    /// <summary>A number; how large it may be is up to what it sets.</summary>
    public static Parameter<T> Count(string name, Action<T, int> set) => new(
        name, (s, index) => s.TryInteger(index, 0, 1_000_000_000, out var count) ? target => set(target, count) : null, isSingle: true);

    /// <summary>Bytes; how many they may be is up to what it sets.</summary>
    public static Parameter<T> Size(string name, Action<T, long> set) => new(
        name,
        (s, index) =>
        {
            if (ConfigSize.Read(s[index], name, out var bytes) is not { } fault)
            {
                return target => set(target, bytes);
            }

            s.Alert(index, $"'{s.Name}' : {fault}.");
            return null;
        },
        isSingle: true);

    public static Parameter<T> Choice<TValue>(string name, Action<T, TValue> set, params (string Word, TValue Value)[] choices) => new(
        name, (s, index) => s.TryChoice(index, out var value, choices) ? target => set(target, value) : null, isSingle: true);

    /// <summary>Reads all that stand from an argument on; says what is wrong with them.</summary>
    /// <param name="s">The statement.</param>
    /// <param name="index">The argument.</param>
    /// <param name="known">Those that there are.</param>
    /// <returns>What they set, in their order; null where something is wrong.</returns>
    public static List<Action<T>>? ReadAll(Statement s, int index, IReadOnlyList<Parameter<T>> known)
    {
        var settings = new List<Action<T>>();
        var said = new HashSet<string>(StringComparer.Ordinal);
        for (; index < s.Count; index++)
        {
            if (known.FirstOrDefault(p => p.Name == s[index]) is not { } parameter)
            {
                s.Alert(index, $"'{s.Name}' : unknown parameter '{s[index]}'{NearestName.Hint(s[index], known.Select(static p => p.Name))}.");
                return null;
            }

            if (parameter._isSingle && !said.Add(parameter.Name))
            {
                s.Alert(index, $"'{s.Name}' : '{parameter.Name}' is there already.");
                return null;
            }

            if (parameter._takesValue && ++index == s.Count)
            {
                s.Alert(index - 1, $"'{s.Name}' : '{parameter.Name}' expects a value.");
                return null;
            }

            if (parameter._read(s, index) is not { } setting)
            {
                return null;
            }

            settings.Add(setting);
        }

        return settings;
    }
}
