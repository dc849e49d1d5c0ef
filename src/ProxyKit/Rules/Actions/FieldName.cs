using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Rules.Actions;

/// <summary>The name of a header field that a rule names, as it is sent: in lower case.</summary>
internal sealed class FieldName
{
    /// <exception cref="ArgumentException">It is no name: a message with it could be read in two ways.</exception>
    public FieldName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Bytes = Encoding.UTF8.GetBytes(name.ToLowerInvariant());
        if (Bytes.AsSpan().IndexOfAnyExcept(Octets.Token) is >= 0 and var bad)
        {
            Rune.DecodeFromUtf8(Bytes.AsSpan(bad), out var character, out _); // what comes before it is ASCII
            throw new ArgumentException(
                $"header name '{name}' contains forbidden character '{character}': servers would disagree about where it ends", nameof(name));
        }

        Known = KnownHeaders.Find(Bytes);
        Text = name;
    }

    public byte[] Bytes { get; }

    public KnownHeader Known { get; }

    public string Text { get; }

    public override string ToString() => Text;
}
