using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ProxyKit.Rules.Converters;

/// <summary>Finds what a configuration names by names that come as bytes, without making strings of them. Filled when it is first asked,
/// since converters are made ready before all of the configuration is there.</summary>
internal sealed class NameTable<T>(IReadOnlyDictionary<string, T> source)
{
    private const int MaxName = 256;

    private readonly Lazy<FrozenDictionary<string, T>> _items = new(() => source.ToFrozenDictionary(StringComparer.Ordinal));

    public bool TryGet(ReadOnlySpan<byte> name, [MaybeNullWhen(false)] out T item)
    {
        item = default;
        Span<char> characters = stackalloc char[MaxName];
        return name.Length <= MaxName && Encoding.UTF8.TryGetChars(name, characters, out var length)
            && _items.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters[..length], out item);
    }
}
