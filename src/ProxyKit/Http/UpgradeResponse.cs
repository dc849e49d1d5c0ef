using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ProxyKit.Http;

/// <summary>Judges a 101.</summary>
internal static class UpgradeResponse
{
    private const int KeyLength = 24; // of a WebSocket's key, as the request's parser has made sure
    private const int ProofLength = 28;

    /// <summary>Whether a 101 answers what was asked, and proves it for a WebSocket (RFC 6455 §4.1).</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 says SHA-1; nothing is kept secret by it.")]
    public static bool Answers(ResponseHead response, RequestHead request)
    {
        if (!request.Headers.TryGetBytes(KnownHeader.Upgrade, out _) || (request.Connection & ConnectionOptions.Upgrade) == 0
            || (response.Connection & ConnectionOptions.Upgrade) == 0)
        {
            return false;
        }

        if (!request.Headers.TryGetBytes(KnownHeader.SecWebSocketKey, out var key) || key.Length != KeyLength)
        {
            return true;
        }

        Span<byte> text = stackalloc byte[KeyLength + 36];
        key.CopyTo(text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[KeyLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(text, hash);
        Span<byte> proof = stackalloc byte[ProofLength];
        Base64.EncodeToUtf8(hash, proof, out _, out _);
        return response.Headers.TryGetBytes(KnownHeader.SecWebSocketAccept, out var accept) && accept.SequenceEqual(proof);
    }
}
