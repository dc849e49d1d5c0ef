using ProxyKit.Logging;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Formats;

/// <summary>A format with everything it names found: what the data path writes. Immutable.</summary>
internal sealed class CompiledFormat
{
    /// <summary>How long a line of a log may be: what HAProxy's <c>len</c> allows at most.</summary>
    public const int MaxLine = 65535;

    private readonly FormatPart[] _parts;
    private readonly FormatFlags _encoding;
    private readonly FormatUse _use;
    private readonly TimeZoneInfo _zone;
    private readonly bool _hasAliases;

    /// <exception cref="RuleFaultException">An expression names something that is not there, or cannot be asked there.</exception>
    public CompiledFormat(FormatItem[] items, FormatFlags encoding, FormatUse use, RuleCompiler compiler)
    {
        var excluded = use is FormatUse.Header or FormatUse.UniqueId ? FormatFlags.Binary : FormatFlags.None; // bytes could end a field
        encoding &= ~excluded;
        _parts =
        [
            .. items.Select(item => FormatPart.Of(item, encoding, excluded, compiler))
                .Where(p => encoding == FormatFlags.None || p.Key.Length > 0),
        ];
        _encoding = encoding;
        _use = use;
        _zone = compiler.Zone;
        _hasAliases = Array.Exists(_parts, static p => p.Alias is not null);
        IsVolatile = Array.Exists(_parts, static p => p.Expression is { IsVolatile: true });
    }

    /// <summary>Whether it can change while nothing arrives.</summary>
    public bool IsVolatile { get; }

    /// <summary>Writes it behind what is there.</summary>
    public void Write(RuleContext context, ref FormatBuffer buffer) =>
        Write(context, _hasAliases ? FormatFacts.Describe(context) : default, ref buffer);

    /// <summary>Writes it behind what is there, with a description of the exchange that is at hand.</summary>
    public void Write(RuleContext context, in ExchangeRecord record, ref FormatBuffer buffer)
    {
        var facts = new FormatFacts(context, record, _zone);
        var writer = new FormatWriter(buffer, _use);
        var wasPending = context.IsPending; // a format is written with what there is
        try
        {
            if (_encoding == FormatFlags.None)
            {
                WriteText(in facts, ref writer);
            }
            else
            {
                WriteMap(in facts, ref writer);
            }
        }
        finally
        {
            buffer = writer.Buffer; // it may have grown, and the caller disposes it
            context.IsPending = wasPending;
        }
    }

    /// <summary>The text, in the context's scratch space.</summary>
    public ReadOnlySpan<byte> Text(RuleContext context)
    {
        if (TryGetSingle(context, out var single))
        {
            return single;
        }

        var buffer = new FormatBuffer(Scratch.MaxResult);
        try
        {
            Write(context, ref buffer);
            return context.Scratch.Copy(buffer.Written);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>A format that is one expression and no more, which is most of them, needs no copy.</summary>
    private bool TryGetSingle(RuleContext context, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_use == FormatUse.Log || _encoding != FormatFlags.None
            || _parts is not [{ Expression: { } expression, Flags: FormatFlags.None }])
        {
            return false;
        }

        var wasPending = context.IsPending;
        text = expression.Text(context);
        context.IsPending = wasPending;
        return text.Length <= Scratch.MaxResult && (_use == FormatUse.Raw || FormatText.IsSafeInHeader(text));
    }

    private void WriteText(scoped in FormatFacts facts, ref FormatWriter writer)
    {
        var endsInBlank = true; // one at the start is left out too
        foreach (ref readonly var part in _parts.AsSpan())
        {
            if (part.IsBlank)
            {
                if (!endsInBlank)
                {
                    writer.Buffer.Append((byte)' ');
                    endsInBlank = true;
                }
            }
            else if (part.Literal is { } literal)
            {
                writer.Buffer.Append(literal);
                endsInBlank = false;
            }
            else
            {
                var start = writer.Buffer.Length;
                part.Write(in facts, ref writer);
                endsInBlank &= writer.HasVanished;
                if ((part.Flags & (FormatFlags.Cbor | FormatFlags.Binary)) == FormatFlags.Cbor)
                {
                    writer.Buffer.ToHex(start);
                }
            }
        }
    }

    /// <summary>Writes an object whose members are the items with names. Where there is no room for all, those that have some; it is an object
    /// in any case.</summary>
    private void WriteMap(scoped in FormatFacts facts, ref FormatWriter writer)
    {
        var isJson = (_encoding & FormatFlags.Json) != 0;
        var isHex = !isJson && (_encoding & FormatFlags.Binary) == 0;
        var start = writer.Buffer.Length;
        var room = isHex ? start + ((writer.Buffer.Limit - start) / 2) : writer.Buffer.Limit;
        writer.Buffer.Append(isJson ? (byte)'{' : CborText.MapStart);
        for (var i = 0; i < _parts.Length; i++)
        {
            var length = writer.Buffer.Length;
            if (isJson && i > 0)
            {
                writer.Buffer.Append(", "u8);
            }

            writer.Buffer.Append(_parts[i].Key);
            _parts[i].Write(in facts, ref writer);
            if (writer.Buffer.IsFull || writer.Buffer.Length >= room)
            {
                writer.Buffer.Restore(length);
                break;
            }
        }

        writer.Buffer.Append(isJson ? (byte)'}' : CborText.End);
        if (isHex)
        {
            writer.Buffer.ToHex(start);
        }
    }
}
