using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>An encrypted token in its compact form (RFC 7516 §7.1), decoded.</summary>
internal readonly ref struct JweToken
{
    private const int Parts = 5;

    /// <summary>The header as it stands, encoded: that is what the tag is about.</summary>
    public ReadOnlySpan<byte> Header { get; private init; }

    /// <summary>The header's JSON.</summary>
    public ReadOnlySpan<byte> HeaderText { get; private init; }

    /// <summary>The content's key, encrypted; empty where there is none to be sent.</summary>
    public ReadOnlySpan<byte> Key { get; private init; }

    /// <summary>The initialization vector.</summary>
    public ReadOnlySpan<byte> Vector { get; private init; }

    /// <summary>The content, encrypted.</summary>
    public ReadOnlySpan<byte> Content { get; private init; }

    public ReadOnlySpan<byte> Tag { get; private init; }

    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scratch">Has room for what is decoded.</param>
    /// <param name="token">The token.</param>
    /// <returns>Whether it is one, as far as its form goes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, Scratch scratch, out JweToken token)
    {
        token = default;
        if (text.Length > Scratch.MaxResult || text.Count((byte)'.') != Parts - 1)
        {
            return false;
        }

        Span<Range> ranges = stackalloc Range[Parts];
        var count = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            ranges[count++] = range;
        }

        if (!TryDecode(text[ranges[0]], scratch, out var header) || !TryDecode(text[ranges[1]], scratch, out var key)
            || !TryDecode(text[ranges[2]], scratch, out var vector) || !TryDecode(text[ranges[3]], scratch, out var content)
            || !TryDecode(text[ranges[4]], scratch, out var tag))
        {
            return false;
        }

        token = new JweToken { Header = text[ranges[0]], HeaderText = header, Key = key, Vector = vector, Content = content, Tag = tag };
        return true;
    }

    /// <summary>Decodes a part.</summary>
    public static bool TryDecode(scoped ReadOnlySpan<byte> text, Scratch scratch, out ReadOnlySpan<byte> bytes)
    {
        var room = scratch.Rent(Base64Text.MaxLength(text.Length));
        var isRead = Base64Text.TryDecodeUrl(text, room, out var length);
        bytes = scratch.Shrink(room, length);
        return isRead;
    }
}
