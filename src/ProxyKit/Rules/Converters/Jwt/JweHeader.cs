using ProxyKit.Identities;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>What the header of an encrypted token says (RFC 7516 §4).</summary>
internal readonly ref struct JweHeader
{
    public JweAlgorithm Algorithm { get; private init; }

    public JweEncryption Encryption { get; private init; }

    /// <summary>The sender's own public key for agreement, in JSON.</summary>
    public ReadOnlySpan<byte> EphemeralKey { get; private init; }

    /// <summary>Who the sender is, for agreement.</summary>
    public ReadOnlySpan<byte> Sender { get; private init; }

    /// <summary>Who the receiver is, likewise.</summary>
    public ReadOnlySpan<byte> Receiver { get; private init; }

    /// <summary>The vector that the content's key was encrypted with.</summary>
    public ReadOnlySpan<byte> Vector { get; private init; }

    /// <summary>What vouches for that key.</summary>
    public ReadOnlySpan<byte> Tag { get; private init; }

    /// <summary>Reads one.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="scratch">Has room for what is decoded.</param>
    /// <param name="header">The header.</param>
    /// <returns>Whether it is one that is known here to the end: what is packed, or has extensions that have to be understood, is not.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, Scratch scratch, out JweHeader header)
    {
        header = default;
        Span<JsonMember> members = stackalloc JsonMember[JsonText.MaxMembers];
        if (JsonText.TryRead(json, members, out var count) != JsonVerdict.Valid)
        {
            return false;
        }

        JweAlgorithm? algorithm = null;
        JweEncryption? encryption = null;
        ReadOnlySpan<byte> key = default, sender = default, receiver = default, vector = default, tag = default;
        foreach (ref readonly var member in members[..count])
        {
            var name = member.Name(json);
            var text = Unquote(member.Value(json));
            if (name.SequenceEqual("alg"u8))
            {
                algorithm = JweAlgorithm.Find(text);
            }
            else if (name.SequenceEqual("enc"u8))
            {
                encryption = JweEncryption.Find(text);
            }
            else if (name.SequenceEqual("epk"u8))
            {
                key = member.Value(json);
            }
            else if (name.SequenceEqual("crit"u8) || name.SequenceEqual("zip"u8)
                || (name.SequenceEqual("apu"u8) && !JweToken.TryDecode(text, scratch, out sender))
                || (name.SequenceEqual("apv"u8) && !JweToken.TryDecode(text, scratch, out receiver))
                || (name.SequenceEqual("iv"u8) && !JweToken.TryDecode(text, scratch, out vector))
                || (name.SequenceEqual("tag"u8) && !JweToken.TryDecode(text, scratch, out tag)))
            {
                return false;
            }
        }

        if (algorithm is null || encryption is null)
        {
            return false;
        }

        header = new JweHeader
        {
            Algorithm = algorithm, Encryption = encryption, EphemeralKey = key, Sender = sender, Receiver = receiver, Vector = vector, Tag = tag,
        };
        return true;
    }

    /// <summary>A string without its quotes; empty for what is none, or has an escape in it, which nothing here needs.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> value) =>
        value is [(byte)'"', .. var text, (byte)'"'] && !text.Contains((byte)'\\') ? text : default;
}
