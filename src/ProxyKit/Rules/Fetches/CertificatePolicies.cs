using System.Formats.Asn1;
using System.Text;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The policies of a certificate (RFC 5280 §4.2.1.4), by their object identifiers.</summary>
internal static class CertificatePolicies
{
    /// <summary>The extension's object identifier.</summary>
    public static ReadOnlySpan<byte> Identifier => [0x55, 0x1D, 0x20];

    /// <summary>Writes them with commas between, or the one that is asked for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="extension">The extension's content.</param>
    /// <param name="wanted">The one that is asked for; empty for all.</param>
    /// <param name="sample">Where to.</param>
    public static bool TryWrite(RuleContext context, ReadOnlySpan<byte> extension, string wanted, ref Sample sample)
    {
        var text = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        for (var policies = CertificateParts.Take(ref extension, out _); !policies.IsEmpty;)
        {
            var policy = AsnDecoder.ReadObjectIdentifier(CertificateParts.Take(ref policies, out _), AsnEncodingRules.DER, out _);
            if (wanted.Length > 0)
            {
                if (policy == wanted)
                {
                    return Fetch.SetText(context, ref sample, policy);
                }

                continue;
            }

            if (length + 2 + policy.Length > text.Length)
            {
                return false; // more than fits
            }

            length += length > 0 ? Encoding.ASCII.GetBytes(", ", text[length..]) : 0;
            length += Encoding.ASCII.GetBytes(policy, text[length..]);
        }

        return length > 0 && sample.SetString(context.Scratch.Shrink(text, length));
    }
}
