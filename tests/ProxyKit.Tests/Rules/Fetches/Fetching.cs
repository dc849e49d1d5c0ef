using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Fetches;

/// <summary>Asks fetches by the words of the configuration language.</summary>
internal static class Fetching
{
    /// <summary>What an expression yields: text as Latin-1, binary data as upper-case hexadecimal, addresses and numbers as text; null for no
    /// sample.</summary>
    public static string? Ask(this RuleContext context, string expression, RuleCompiler? compiler = null)
    {
        var sample = default(Sample);
        return Compile(expression, compiler).TryEvaluate(context, ref sample) ? TextOf(context, ref sample) : null;
    }

    /// <inheritdoc cref="Ask(RuleContext, string, RuleCompiler?)"/>
    public static string? Ask(this TestExchange exchange, string expression, RuleCompiler? compiler = null) =>
        exchange.Context.Ask(expression, compiler);

    /// <summary>The values that a condition would try one after the other, were none to match.</summary>
    public static string Tried(this RuleContext context, string expression, RuleCompiler? compiler = null)
    {
        var compiled = Compile(expression, compiler, inCondition: true);
        var tried = new List<string>();
        var cursor = 0;
        while (true)
        {
            var sample = default(Sample);
            sample.Cursor = cursor;
            if (!compiled.TryEvaluate(context, ref sample))
            {
                break;
            }

            var hasMore = sample.HasMore;
            cursor = sample.Cursor;
            tried.Add(TextOf(context, ref sample));
            if (!hasMore)
            {
                break;
            }
        }

        return string.Join(" | ", tried);
    }

    /// <inheritdoc cref="Tried(RuleContext, string, RuleCompiler?)"/>
    public static string Tried(this TestExchange exchange, string expression, RuleCompiler? compiler = null) =>
        exchange.Context.Tried(expression, compiler);

    /// <summary>The value, or how it is not there: NS for no sample, pending for none yet, a question mark behind one that may change.</summary>
    public static string Inspect(this RuleContext context, string expression)
    {
        context.IsPending = false;
        var value = context.Ask(expression);
        return value is null ? context.IsPending ? "pending" : "NS" : context.IsPending ? $"{value}?" : value;
    }

    /// <summary>Makes an expression ready.</summary>
    public static CompiledExpression Compile(string expression, RuleCompiler? compiler = null, bool inCondition = false) =>
        ExpressionParser.Parse(expression, RuleLanguage.Default, inCondition).Compile(compiler ?? new RuleCompiler(), inCondition);

    /// <summary>The context of a TCP connection on which bytes have come.</summary>
    public static RuleContext Connection(byte[] received, bool hasAll = false) =>
        new() { Session = new RuleSession(), Received = received, HasAll = hasAll };

    /// <summary>Puts a response into an exchange, and rules at it.</summary>
    public static TestExchange Answered(this TestExchange exchange, params string[] lines)
    {
        var head = new ResponseHead();
        var bytes = Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\r\n")) + "\r\n");
        var parser = new ResponseHeadParser();
        parser.Start(head, bytes, 0, exchange.Request.Method);
        Assert.Equal(ParseResult.Complete(bytes.Length), parser.Parse(bytes.Length));
        exchange.Context.Response = head;
        exchange.Context.IsInResponse = true;
        return exchange;
    }

    private static string TextOf(RuleContext context, ref Sample sample)
    {
        if (sample.Type == SampleType.Binary)
        {
            return Convert.ToHexString(sample.Bytes);
        }

        Assert.True(SampleCasts.TryCast(context, ref sample, SampleType.String));
        return Encoding.Latin1.GetString(sample.Bytes);
    }
}
