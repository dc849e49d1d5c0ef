using System.Globalization;
using System.Text;

namespace ProxyKit.Identities;

/// <summary>Where a claim stands: <c>sub</c>, <c>realm_access.roles[0]</c>. A claim of exactly that name goes before, since names such as
/// <c>https://example.com/roles</c> have dots in them.</summary>
internal sealed class ClaimPath
{
    private readonly byte[]? _name; // of a claim; null where the text can only be a path
    private readonly (byte[]? Key, int Index)[] _steps;

    private ClaimPath(byte[]? name, (byte[]? Key, int Index)[] steps) => (_name, _steps) = (name, steps);

    /// <param name="text">The path. A <c>$.</c> before it says that it is no name; a backslash takes a dot or a bracket into a name.</param>
    /// <exception cref="FormatException">It is empty.</exception>
    public static ClaimPath Parse(string text)
    {
        if (text.Length == 0 || text is "$" or "$.")
        {
            throw new FormatException("a claim's name is needed");
        }

        if (!text.StartsWith("$.", StringComparison.Ordinal))
        {
            return new ClaimPath(Encoding.UTF8.GetBytes(text), StepsOf(text));
        }

        return StepsOf(text[2..]) is { Length: > 0 } steps ? new(null, steps) : throw new FormatException($"'{text}' is no path to a claim");
    }

    /// <summary>Finds the value.</summary>
    public bool TryFind(ClaimSet claims, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        if (_name is not null && claims.TryFind(_name, out kind, out raw))
        {
            return true;
        }

        kind = JsonKind.None;
        raw = default;
        for (var i = 0; i < _steps.Length; i++)
        {
            var (key, index) = _steps[i];
            var found = key is null ? kind == JsonKind.Array && TryEnter(raw, index, out kind, out raw)
                : i == 0 ? claims.TryFind(key, out kind, out raw)
                : kind == JsonKind.Object && TryEnter(raw, key, out kind, out raw);
            if (!found)
            {
                return false;
            }
        }

        return _steps.Length > 0;
    }

    private static bool TryEnter(ReadOnlySpan<byte> array, int index, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        var position = 0;
        do
        {
            if (!JsonText.TryReadElement(array, ref position, out kind, out raw))
            {
                return false;
            }
        }
        while (index-- > 0);
        return true;
    }

    private static bool TryEnter(ReadOnlySpan<byte> json, ReadOnlySpan<byte> key, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        Span<JsonMember> members = stackalloc JsonMember[JsonText.MaxMembers];
        JsonText.TryRead(json, members, out var count);
        foreach (ref readonly var member in members[..count])
        {
            if (member.Name(json).SequenceEqual(key))
            {
                kind = member.Kind;
                raw = member.Value(json);
                return true;
            }
        }

        kind = JsonKind.None;
        raw = default;
        return false;
    }

    /// <summary>The keys and indexes; none where the text is no path, but a name at most.</summary>
    private static (byte[]? Key, int Index)[] StepsOf(string text)
    {
        var steps = new List<(byte[]?, int)>();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '[' && steps.Count > 0)
            {
                var close = text.IndexOf(']', i);
                if (close < 0 || !int.TryParse(text.AsSpan(i + 1, close - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                {
                    return [];
                }

                steps.Add((null, index));
                i = close + 1;
                continue;
            }

            if (steps.Count > 0 && text[i++] != '.')
            {
                return [];
            }

            var key = new StringBuilder();
            for (; i < text.Length && text[i] is not ('.' or '['); i++)
            {
                i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
                key.Append(text[i]);
            }

            if (key.Length == 0)
            {
                return [];
            }

            steps.Add((Encoding.UTF8.GetBytes(key.ToString()), 0));
        }

        return [.. steps];
    }
}
