using System.Diagnostics;
using ProxyKit.Http;

namespace ProxyKit.Rules.Actions;

/// <summary>A header field that a rule adds and that is the same each time: its line is written once.</summary>
internal sealed class FieldLine
{
    private readonly byte[] _line;
    private readonly int _nameLength;
    private readonly KnownHeader _known;
    private readonly bool _replaces;

    /// <param name="name">The name; one that <see cref="FramingEdits.IsPlain"/> holds of.</param>
    /// <param name="value">The value, without control bytes.</param>
    /// <param name="replaces">Whether it takes the place of those of its name.</param>
    public FieldLine(FieldName name, ReadOnlySpan<byte> value, bool replaces)
    {
        Debug.Assert(FramingEdits.IsPlain(name.Known), "the message is read by others");
        _line = [.. name.Bytes, .. ": "u8, .. value, .. "\r\n"u8];
        (_nameLength, _known, _replaces) = (name.Bytes.Length, name.Known, replaces);
    }

    /// <summary>Puts it into the message that rules are asked about.</summary>
    public RuleOutcome Write(RuleContext context)
    {
        if (FieldEdits.HeadersOf(context) is not { } headers)
        {
            return RuleOutcome.Next;
        }

        if (!FieldEdits.HasRoom(context, _line.Length))
        {
            return RewriteFailure.UnlessDone(context, isDone: false);
        }

        if (_replaces)
        {
            headers.RemoveAll(_known, _line.AsSpan(0, _nameLength));
        }

        headers.AddLine(_line, _nameLength, _known);
        return RuleOutcome.Next;
    }
}
