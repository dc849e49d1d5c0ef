using System.Net;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Exchanges;

/// <summary>The name that a server is asked for over TLS and has to prove, which is another one for each request. HAProxy: <c>sni</c>.</summary>
internal sealed class RequestedName(CompiledExpression value)
{
    /// <summary>The most that a name may have. RFC 1035 §2.3.4.</summary>
    public const int Longest = 253;

    /// <summary>Writes the name, in small letters and without a dot at its end: names that mean the same share connections.</summary>
    /// <param name="context">The request or the connection.</param>
    /// <param name="name">Where to; <see cref="Longest"/> bytes.</param>
    /// <returns>Its length; 0 where there is none, or what there is can be no host's name, or is an address, which is never sent (RFC 6066 §3).</returns>
    public int Write(RuleContext context, Span<byte> name)
    {
        var sample = default(Sample);
        if (!value.TryEvaluate(context, SampleType.String, ref sample))
        {
            return 0;
        }

        var bytes = sample.Bytes;
        bytes = bytes is [.., (byte)'.'] ? bytes[..^1] : bytes;
        if (bytes.Length is 0 or > Longest || !IsName(bytes))
        {
            return 0;
        }

        return Ascii.ToLower(bytes, name, out var length) == System.Buffers.OperationStatus.Done ? length : 0;
    }

    /// <summary>The name for a new connection; null where there is none.</summary>
    public byte[]? Make(RuleContext context)
    {
        Span<byte> name = stackalloc byte[Longest];
        var length = Write(context, name);
        return length == 0 ? null : name[..length].ToArray();
    }

    private static bool IsName(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_' or (byte)'.'))
            {
                return false; // also what is in brackets, or has a port
            }
        }

        return bytes[0] != '.' && bytes.IndexOf(".."u8) < 0 && !(char.IsAsciiDigit((char)bytes[^1]) && IPAddress.TryParse(bytes, out _));
    }
}
