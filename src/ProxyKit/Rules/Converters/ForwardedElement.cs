using System.Buffers;

namespace ProxyKit.Rules.Converters;

/// <summary>One element of a Forwarded field (RFC 7239 §4), values without their quotes. An empty one is not there.</summary>
internal ref struct ForwardedElement
{
    private static readonly SearchValues<byte> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8); // RFC 9110 §5.6.2

    private static readonly SearchValues<byte> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=%[]:"u8); // RFC 3986 §3.2.2

    public ReadOnlySpan<byte> Proto { get; private set; }

    public ReadOnlySpan<byte> Host { get; private set; }

    public ReadOnlySpan<byte> For { get; private set; }

    public ReadOnlySpan<byte> By { get; private set; }

    /// <summary>Reads an element; false where a part is none of the four, comes twice, or has no value that it may have.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ForwardedElement element)
    {
        element = default;
        var rest = text.Trim(" \t"u8);
        while (true)
        {
            if (!TryReadPair(ref rest, out var name, out var value) || !element.TrySet(name, value))
            {
                return false;
            }

            rest = rest.TrimStart(" \t"u8);
            if (rest.IsEmpty)
            {
                return true;
            }

            if (rest[0] != ';')
            {
                return false;
            }

            rest = rest[1..].TrimStart(" \t"u8);
        }
    }

    private bool TrySet(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("proto"u8) && Proto.IsEmpty)
        {
            Proto = value;
            return value.SequenceEqual("http"u8) || value.SequenceEqual("https"u8);
        }

        if (name.SequenceEqual("host"u8) && Host.IsEmpty)
        {
            Host = value;
            return !value.IsEmpty && !value.ContainsAnyExcept(HostCharacters);
        }

        if (name.SequenceEqual("for"u8) && For.IsEmpty)
        {
            For = value;
            return ForwardedNode.TryParse(value, out _);
        }

        if (name.SequenceEqual("by"u8) && By.IsEmpty)
        {
            By = value;
            return ForwardedNode.TryParse(value, out _);
        }

        return false;
    }

    private static bool TryReadPair(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        var equals = rest.IndexOf((byte)'=');
        if (equals < 0)
        {
            return false;
        }

        name = rest[..equals];
        rest = rest[(equals + 1)..];
        if (rest.StartsWith("\""u8))
        {
            var end = rest[1..].IndexOf((byte)'"'); // no value that is allowed has a quote or a backslash in it
            if (end < 0)
            {
                return false;
            }

            value = rest.Slice(1, end);
            rest = rest[(end + 2)..];
            return true;
        }

        var length = rest.IndexOfAnyExcept(TokenCharacters);
        value = length < 0 ? rest : rest[..length];
        rest = length < 0 ? default : rest[length..];
        return !value.IsEmpty;
    }
}
