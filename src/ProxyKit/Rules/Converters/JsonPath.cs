using System.Text;
using ProxyKit.Identities;

namespace ProxyKit.Rules.Converters;

/// <summary>A place in a document of JSON: <c>$.user.names[0]</c>. A dot that belongs to a key is written behind a backslash.</summary>
internal sealed class JsonPath
{
    private readonly (byte[]? Key, int Index)[] _steps;

    private JsonPath((byte[]? Key, int Index)[] steps) => _steps = steps;

    /// <exception cref="FormatException">The text is no path.</exception>
    public static JsonPath Parse(string text)
    {
        var steps = new List<(byte[]?, int)>();
        var i = 1;
        if (!text.StartsWith('$'))
        {
            throw new FormatException($"'{text}' is no JSON path: it must begin with $");
        }

        while (i < text.Length)
        {
            if (text[i] == '[' && text.IndexOf(']', i) is > 0 and var close
                && int.TryParse(text.AsSpan(i + 1, close - i - 1), System.Globalization.NumberStyles.None, null, out var index))
            {
                steps.Add((null, index));
                i = close + 1;
                continue;
            }

            if (text[i] != '.')
            {
                throw new FormatException($"'{text}' is no JSON path: '{text[i..]}' is neither a key nor an index");
            }

            var key = new StringBuilder();
            for (i++; i < text.Length && text[i] is not ('.' or '['); i++)
            {
                i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
                key.Append(text[i]);
            }

            steps.Add((ArgumentBytes.Of(key.ToString()), 0));
        }

        return new JsonPath([.. steps]);
    }

    /// <summary>Finds the value at the place. Keys are compared as they were sent; of several the first counts.</summary>
    public bool TryFind(ReadOnlySpan<byte> text, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        var reader = new JsonReader(text);
        kind = JsonKind.None;
        raw = default;
        foreach (var (key, index) in _steps)
        {
            if (!(key is null ? TryEnterArray(ref reader, index) : TryEnterObject(ref reader, key)))
            {
                return false;
            }
        }

        return reader.TryReadValue(out kind, out raw);
    }

    private static bool TryEnterArray(ref JsonReader reader, int index)
    {
        if (!reader.TrySkip('['))
        {
            return false;
        }

        for (var i = 0; i < index; i++)
        {
            if (!reader.TryReadValue(out _, out _) || !reader.TrySkip(','))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryEnterObject(ref JsonReader reader, ReadOnlySpan<byte> key)
    {
        if (!reader.TrySkip('{'))
        {
            return false;
        }

        do
        {
            if (!reader.TryReadString(out var name) || !reader.TrySkip(':'))
            {
                return false;
            }

            if (name.SequenceEqual(key))
            {
                return true;
            }
        }
        while (reader.TryReadValue(out _, out _) && reader.TrySkip(','));
        return false;
    }
}
