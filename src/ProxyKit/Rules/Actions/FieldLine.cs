using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules.Actions;

/// <summary>A header field that a rule adds and that is the same each time: its line is written once.</summary>
internal sealed class FieldLine
{
    private readonly byte[] _line;
    private readonly int _nameLength;
    private readonly KnownHeader _known;
    private readonly bool _replaces;

    /// <param name="name">The name; not one that <see cref="IsPlain"/> does not hold of.</param>
    /// <param name="value">The value, without control bytes.</param>
    /// <param name="replaces">Whether it takes the place of those of its name.</param>
    public FieldLine(FieldName name, ReadOnlySpan<byte> value, bool replaces)
    {
        _line = [.. name.Bytes, .. ": "u8, .. value, .. "\r\n"u8];
        (_nameLength, _known, _replaces) = (name.Bytes.Length, name.Known, replaces);
    }

    /// <summary>Whether nothing of how the message is read depends on a field.</summary>
    public static bool IsPlain(KnownHeader known) => known
        is not (KnownHeader.Connection or KnownHeader.ContentLength or KnownHeader.Host or KnownHeader.TransferEncoding);

    /// <summary>Adds it to the message that rules are asked about.</summary>
    public RuleOutcome Add(RuleContext context)
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
