namespace ProxyKit.Tests.Http1;

/// <summary>Spoils good messages, with the bytes that parsers stumble over.</summary>
internal sealed class Mutations(int seed, string[] originals, string[] fragments)
{
    private static readonly string[] Marks =
    [
        "\r", "\n", "\r\n", "\r\n\r\n", " ", "\t", "\r\n ", "\n\t", ":", ",", ";", "\0", "\x7f", "\x0b", "\xa0", "\xff", "@", "[", "]", "#",
        "?", "/", "//", "://", "\\", "\"", "*", "0", "9", "80", "443", ":80", "+", "-", ".", "a", "A", "x", "=", "==",
    ];

    private readonly Random _random = new(seed);

    public Random Random => _random;

    public string Next()
    {
        var text = originals[_random.Next(originals.Length)];
        for (var count = _random.Next(0, 6); count > 0; count--)
        {
            text = Mutate(text);
        }

        return text;
    }

    private string Mutate(string text)
    {
        var at = _random.Next(text.Length + 1);
        var until = Math.Min(text.Length, at + _random.Next(1, 12));
        return _random.Next(9) switch
        {
            0 => text[..at] + text[until..],
            1 => text[..until] + text[at..],
            2 => text[..at],
            3 => text[..at] + (char)_random.Next(256) + text[Math.Min(text.Length, at + 1)..],
            4 => text[..at] + string.Concat(text[at..until].Select(c => char.IsAsciiLetter(c) ? (char)(c ^ 0x20) : c)) + text[until..],
            5 => AtLineStart(text, at, fragments[_random.Next(fragments.Length)]),
            6 => text[..at] + Marks[_random.Next(Marks.Length)] + text[until..],
            _ => text[..at] + Marks[_random.Next(Marks.Length)] + text[at..],
        };
    }

    private static string AtLineStart(string text, int at, string fragment)
    {
        var lineStart = text.LastIndexOf('\n', Math.Max(0, Math.Min(at, text.Length - 1))) + 1;
        return text[..lineStart] + fragment + text[lineStart..];
    }
}
