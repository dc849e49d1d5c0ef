using ProxyKit.Rules.Captures;

namespace ProxyKit.Rules.Formats;

/// <summary>Names the exchanges of a frontend. HAProxy: <c>unique-id-format</c>, <c>unique-id-header</c>.</summary>
/// <param name="format">How.</param>
/// <param name="header">The header field of the request that tells the server the name; null for none.</param>
internal sealed class UniqueId(CompiledFormat format, string? header)
{
    /// <summary>How long a name may be.</summary>
    public const int MaxLength = 127;

    /// <summary>The field's name; null for none.</summary>
    public byte[]? Field { get; } = header is null ? null : System.Text.Encoding.ASCII.GetBytes(header);

    /// <summary>The name of an exchange: made when it is first asked for, and the same from then on.</summary>
    public ReadOnlySpan<byte> For(RuleContext context)
    {
        if (context.KeptTexts.TryGet(KeptText.UniqueId, out var id))
        {
            return id;
        }

        context.KeptTexts.Set(KeptText.UniqueId, default, 0); // a format that asks for the name itself finds it empty
        var buffer = new FormatBuffer(MaxLength);
        try
        {
            format.Write(context, ref buffer);
            context.KeptTexts.Set(KeptText.UniqueId, buffer.Written, MaxLength);
        }
        finally
        {
            buffer.Dispose();
        }

        context.KeptTexts.TryGet(KeptText.UniqueId, out id);
        return id;
    }
}
