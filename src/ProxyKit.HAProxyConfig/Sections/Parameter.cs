using ProxyKit.HAProxyConfig.Units;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A word that may stand at the end of a line, alone or with a value behind it, and what it sets.</summary>
internal sealed class Parameter<T>
{
    private readonly Func<Statement, int, T, bool> _read;
    private readonly bool _takesValue;

    private Parameter(string name, bool takesValue, Func<Statement, int, T, bool> read) => (Name, _takesValue, _read) = (name, takesValue, read);

    public string Name { get; }

    /// <summary>A word that stands alone.</summary>
    public static Parameter<T> Flag(string name, Action<T> set) => new(name, false, (_, _, target) =>
    {
        set(target);
        return true;
    });

    public static Parameter<T> Text(string name, Action<T, string> set) => new(name, true, (s, index, target) =>
    {
        set(target, s[index]);
        return true;
    });

    /// <summary>A path of a file.</summary>
    public static Parameter<T> File(string name, Action<T, string> set) => new(name, true, (s, index, target) =>
    {
        set(target, s.PathOf(s[index]));
        return true;
    });

    public static Parameter<T> Time(string name, Action<T, TimeSpan> set) => new(name, true, (s, index, target) =>
    {
        var isTime = s.TryTime(index, out var time);
        if (isTime)
        {
            set(target, time);
        }

        return isTime;
    });

    /// <summary>A number; how large it may be is up to what it sets.</summary>
    public static Parameter<T> Count(string name, Action<T, int> set) => new(name, true, (s, index, target) =>
    {
        var isNumber = s.TryInteger(index, 0, 1_000_000_000, out var count);
        if (isNumber)
        {
            set(target, count);
        }

        return isNumber;
    });

    /// <summary>Bytes; how many they may be is up to what it sets.</summary>
    public static Parameter<T> Size(string name, Action<T, long> set) => new(name, true, (s, index, target) =>
    {
        if (ConfigSize.Read(s[index], name, out var bytes) is { } fault)
        {
            s.Alert(index, $"'{s.Name}' : {fault}.");
            return false;
        }

        set(target, bytes);
        return true;
    });

    public static Parameter<T> Choice<TValue>(string name, Action<T, TValue> set, params (string Word, TValue Value)[] choices) => new(name, true, (s, index, target) =>
    {
        var isOne = s.TryChoice(index, out var value, choices);
        if (isOne)
        {
            set(target, value);
        }

        return isOne;
    });

    /// <summary>Reads all that stand from an argument on; says what is wrong with them.</summary>
    public static bool TryReadAll(Statement s, int index, T target, IReadOnlyList<Parameter<T>> known)
    {
        for (var isGood = true; ; index++)
        {
            if (index >= s.Count || !isGood)
            {
                return isGood;
            }

            if (known.FirstOrDefault(p => p.Name == s[index]) is not { } parameter)
            {
                s.Alert(index, $"'{s.Name}' : unknown parameter '{s[index]}'{NearestName.Hint(s[index], known.Select(static p => p.Name))}.");
                return false;
            }

            if (parameter._takesValue && ++index == s.Count)
            {
                s.Alert(index - 1, $"'{s.Name}' : '{parameter.Name}' expects a value.");
                return false;
            }

            isGood = parameter._read(s, index, target);
        }
    }
}
