using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>A line that is to be run: its words and where it stands. Has one word at least.</summary>
internal sealed class ConfigLine(string file, int number, IReadOnlyList<Word> words)
{
    public string File => file;

    public int Number => number;

    public IReadOnlyList<Word> Words => words;

    public Place Place => new(file, number);

    public Place PlaceOf(int word) => word < words.Count ? new(file, number, words[word].Column) : Place;

    public override string ToString() => string.Join(' ', words.Select(static w => w.Text));
}
