using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Writes the fields of an encoded block: each a name and a value behind their lengths, and two lengths of 0 at the end.</summary>
internal sealed class HeaderBlockAction(Expression block, string? prefix, bool replaces) : RuleAction
{
    private static readonly RuleVerdict Corrupt = new(VerdictKind.Failure, 500);

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix?.ToLowerInvariant() ?? "");

    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => $"{(replaces ? "set" : "add")}-headers-bin {RuleWords.Value(block)}{(prefix is null ? "" : $" prefix {RuleWords.Text(prefix)}")}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var expression = block.Compile(compiler);
        return new(context =>
        {
            var sample = default(Sample);
            if (!expression.TryEvaluate(context, SampleType.Binary, ref sample))
            {
                return RuleOutcome.Next;
            }

            // Looked through first: a block that breaks off changes nothing.
            if (!IsWhole(sample.Bytes))
            {
                context.Verdict = Corrupt;
                return RuleOutcome.Final;
            }

            return RewriteFailure.UnlessDone(context, TryApply(context, sample.Bytes));
        });
    }

    private static bool IsWhole(ReadOnlySpan<byte> rest)
    {
        while (TryTake(ref rest, out var name) && TryTake(ref rest, out var value))
        {
            if (name.IsEmpty)
            {
                return value.IsEmpty;
            }

            if (name.ContainsAnyExcept(Octets.Token))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryApply(RuleContext context, ReadOnlySpan<byte> rest)
    {
        var isDone = true;
        while (isDone && TryTake(ref rest, out var name) && TryTake(ref rest, out var value) && !name.IsEmpty)
        {
            var lower = context.Scratch.Rent(name.Length);
            Ascii.ToLower(name, lower, out _);
            if (!lower.StartsWith(_prefix) || IsSkipped(lower))
            {
                continue;
            }

            var known = KnownHeaders.Find(lower);
            isDone = replaces
                ? FieldEdits.TrySet(context, lower, known, HeaderText.Escape(context, value))
                : FieldEdits.TryAdd(context, lower, known, HeaderText.Escape(context, value));
        }

        return isDone;
    }

    /// <summary>Fields about the connection, or the body's length.</summary>
    private static bool IsSkipped(ReadOnlySpan<byte> name) => KnownHeaders.Find(name) is KnownHeader.Expect or KnownHeader.Trailer
        or KnownHeader.Upgrade or KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ContentLength or KnownHeader.ProxyConnection
        or KnownHeader.TransferEncoding or KnownHeader.ProxyAuthenticate or KnownHeader.ProxyAuthorization;

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryTakeLength(ref rest, out var length) || length > rest.Length)
        {
            return false;
        }

        text = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    /// <summary>A number below 240 is a byte; else its low four bits are in the first byte, and seven more in each that follows, the last one
    /// below 128.</summary>
    private static bool TryTakeLength(ref ReadOnlySpan<byte> rest, out long length)
    {
        length = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        length = rest[0];
        rest = rest[1..];
        if (length < 240)
        {
            return true;
        }

        for (var shift = 4; shift < 32 && !rest.IsEmpty; shift += 7)
        {
            var next = rest[0];
            rest = rest[1..];
            length += (long)next << shift;
            if (next < 128)
            {
                return true;
            }
        }

        return false;
    }
}
