using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>An encoded block of header fields, as <c>req.hdrs_bin</c> makes it: each a name and a value behind their lengths, and two lengths of 0
/// at the end.</summary>
internal static class FieldBlock
{
    private static readonly RuleVerdict Corrupt = new(VerdictKind.Failure, 500);

    /// <summary>What is done with a block.</summary>
    public delegate RuleOutcome Edit(RuleContext context, ReadOnlySpan<byte> block);

    /// <summary>Makes an action on the block that an expression yields. Without one nothing is done; one that breaks off ends the exchange before
    /// anything has changed.</summary>
    public static CompiledAction Compile(Expression block, RuleCompiler compiler, Edit edit)
    {
        var expression = block.Compile(compiler);
        return new(context =>
        {
            var sample = default(Sample);
            if (!expression.TryEvaluate(context, SampleType.Binary, ref sample))
            {
                return RuleOutcome.Next;
            }

            if (IsWhole(sample.Bytes))
            {
                return edit(context, sample.Bytes);
            }

            context.Verdict = Corrupt;
            return RuleOutcome.Final;
        });
    }

    /// <summary>Whether it is one from beginning to end.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> rest)
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

    /// <summary>Fields about the connection, or the body's length.</summary>
    public static bool IsOfConnection(ReadOnlySpan<byte> name) => KnownHeaders.Find(name) is KnownHeader.Expect or KnownHeader.Trailer
        or KnownHeader.Upgrade or KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ContentLength or KnownHeader.ProxyConnection
        or KnownHeader.TransferEncoding or KnownHeader.ProxyAuthenticate or KnownHeader.ProxyAuthorization;

    /// <summary>Takes a name or a value.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
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
