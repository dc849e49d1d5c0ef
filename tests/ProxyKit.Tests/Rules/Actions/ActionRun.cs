using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>Rules run on an exchange as the data path runs them, and what came of it.</summary>
internal sealed class ActionRun
{
    private ActionRun(TestExchange exchange) => Exchange = exchange;

    public TestExchange Exchange { get; }

    public RuleContext Context => Exchange.Context;

    public RuleOutcome Outcome { get; private set; }

    public RecordingHost Host { get; } = new();

    public RuleCompiler Compiler { get; init; } = new();

    /// <summary>The request's head as a server would get it, line by line, without the empty line.</summary>
    public string[] Request => Lines(destination => Http1Writer.WriteHead(Exchange.Request, destination));

    /// <summary>The response's head likewise, as it would go to the client before the fields about the connection are written.</summary>
    public string[] Response => Lines(destination => Http1Writer.WriteHead(Context.Response!, destination));

    /// <summary>What the verdict has the client sent.</summary>
    public string Reply
    {
        get
        {
            var writer = new ReplyWriter();
            Context.Verdict!.Reply!.Write(Context, writer);
            return Encoding.Latin1.GetString(writer.Written.Span);
        }
    }

    /// <summary>Runs actions as unconditional rules on a request.</summary>
    public static ActionRun OnRequest(TestExchange exchange, params RuleAction[] actions) => new ActionRun(exchange).Run(RulePhases.Request, actions);

    /// <summary>Runs actions on a request with more to it.</summary>
    public static ActionRun With(TestExchange exchange, RuleCompiler compiler) => new(exchange) { Compiler = compiler };

    /// <summary>Runs actions on a response that answers a plain GET.</summary>
    public static ActionRun OnResponse(string[] head, params RuleAction[] actions) =>
        To(TestExchange.For("/p?q=1"), head).Run(RulePhases.Response, actions);

    /// <summary>An exchange whose response has come.</summary>
    public static ActionRun To(TestExchange exchange, params string[] head)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(head.Select(line => line + "\r\n")) + "\r\n");
        var response = new ResponseHead();
        var parser = new ResponseHeadParser { MaxHeadBytes = bytes.Length + 1 };
        parser.Start(response, bytes, 0, exchange.Request.Method);
        Assert.Equal(ParseResult.Complete(bytes.Length), parser.Parse(bytes.Length));
        exchange.Context.Response = response;
        exchange.Context.IsInResponse = true;
        return new ActionRun(exchange);
    }

    public ActionRun Run(RulePhases phase, params RuleAction[] actions) => Run(phase, [.. actions.Select(a => new RuleOptions(a))]);

    public ActionRun Run(RulePhases phase, params RuleOptions[] rules)
    {
        var list = RuleList.Compile(rules, phase, Compiler, (index, fault) => throw new RuleFaultException($"{index}: {fault}"))!;
        var index = 0;
        while (true)
        {
            Outcome = list.Run(Context, ref index);
            if (Outcome == RuleOutcome.Wait)
            {
                var waiting = list.RunAsync(index, Context, Host).AsTask();
                Assert.True(waiting.IsCompletedSuccessfully, "the host of tests never waits");
                Outcome = waiting.Result;
            }

            if (Outcome != RuleOutcome.Next || ++index > rules.Length)
            {
                return this;
            }
        }
    }

    private static string[] Lines(Func<byte[], int> write)
    {
        var destination = new byte[64 * 1024];
        var text = Encoding.Latin1.GetString(destination, 0, write(destination));
        Assert.EndsWith("\r\n\r\n", text, StringComparison.Ordinal);
        return text[..^4].Split("\r\n");
    }
}
