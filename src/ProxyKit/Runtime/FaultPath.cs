using System.Globalization;
using System.Text;

namespace ProxyKit.Runtime;

/// <summary>A place in the options, and the list that takes the faults found there.</summary>
/// <param name="Faults">All faults of the options.</param>
/// <param name="Path">The way to the place, ready to be continued: empty, or ending in <c> > </c>.</param>
internal readonly record struct FaultPath(List<string> Faults, string Path)
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(int.MaxValue); // what every timer of .NET can be set to

    /// <summary>Takes what is no fault, but was probably not meant; null where nobody asks.</summary>
    public List<string>? Warnings { get; init; }

    /// <summary>The place of a named thing inside this one.</summary>
    /// <param name="kind">What it is, as in <c>server</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="position">Its place in the list, from 1, for when it has no name.</param>
    public FaultPath In(string kind, string? name, int position) =>
        this with { Path = $"{Path}{kind} {(string.IsNullOrEmpty(name) ? position.ToString(CultureInfo.InvariantCulture) : Quote(name))} > " };

    /// <summary>The place of a property inside this one.</summary>
    public FaultPath In(string property) => this with { Path = $"{Path}{property} > " };

    /// <summary>Notes a fault. A sentence without its full stop.</summary>
    public void Add(string property, string fault) => Add($"{property}: {fault}");

    /// <summary>Notes a fault that already names its property.</summary>
    public void Add(string fault) => Faults.Add(fault[^1] is '.' or '?' ? Path + fault : $"{Path}{fault}.");

    /// <summary>Notes what was probably not meant. A sentence without its full stop.</summary>
    public void Warn(string warning) => Warnings?.Add($"{Path}{warning}.");

    /// <summary>The elements of a list that are there, with their positions from 1; notes those that are null.</summary>
    public IEnumerable<(T Element, int Position)> Elements<T>(string property, IEnumerable<T> list)
        where T : class
    {
        var position = 0;
        foreach (var element in list)
        {
            position++;
            if (element is null)
            {
                Add(property, $"number {position} is null");
            }
            else
            {
                yield return (element, position);
            }
        }
    }

    /// <summary>A name stands in logs and routes: it must be visible, and one word.</summary>
    public void CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            Add("Name", "a name is needed");
        }
        else if (name.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            Add("Name", $"{Quote(name)} has a space or a control character in it");
        }
    }

    public void CheckUnique(string property, IEnumerable<string?> names)
    {
        foreach (var group in names.Where(static n => !string.IsNullOrEmpty(n)).GroupBy(static n => n, StringComparer.Ordinal))
        {
            if (group.Count() > 1)
            {
                Add(property, $"{group.Count()} of them are named {Quote(group.First()!)}"); // those without a name were left out
            }
        }
    }

    public void CheckRange(string property, int? value, int least, int most)
    {
        if (value < least || value > most)
        {
            Add(property, $"{value} is out of range ({(most == int.MaxValue ? $"{least} or more" : $"{least}-{most}")})");
        }
    }

    /// <summary>A limit of time: more than zero, where null is the way to say none.</summary>
    public void CheckLimit(string property, TimeSpan? value)
    {
        if (value <= TimeSpan.Zero || value > LongestTime)
        {
            Add(property, $"{value} is out of range (more than 0, at most 24.8 days; null for no limit)");
        }
    }

    /// <summary>A time that may be zero.</summary>
    public void CheckTime(string property, TimeSpan value)
    {
        if (value < TimeSpan.Zero || value > LongestTime)
        {
            Add(property, $"{value} is out of range (0 to 24.8 days)");
        }
    }

    /// <summary>Notes a name that no network interface has.</summary>
    public void CheckInterface(string property, string? name)
    {
        const int Longest = 15;
        if (name is not null && !OperatingSystem.IsLinux())
        {
            Add(property, "is for Linux only");
        }
        else if (name is not null && (name.Length is 0 or > Longest || name.Any(static c => c is '/' or <= ' ' or > '~')))
        {
            Add(property, $"{Quote(name)} is no name of a network interface");
        }
    }

    public void CheckDefined<T>(string property, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(property, $"{value} is none of {string.Join(", ", Enum.GetNames<T>())}");
        }
    }

    /// <summary>A text in quotes, with what cannot be seen made visible.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = char.IsControl(c) ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
