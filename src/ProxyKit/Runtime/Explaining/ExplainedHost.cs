using System.Globalization;
using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Explaining;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Runtime.Explaining;

/// <summary>What rules ask of an exchange that is only explained: nothing is waited for, and what would be is told.</summary>
internal sealed class ExplainedHost(RuleContext context, RuleTrace trace, ExampleRequest request, DateTimeOffset startedAt) : IRuleHost
{
    /// <summary>How much of a body rules can look at.</summary>
    private const int MostHeld = 15 * 1024;

    public DateTimeOffset StartedAt => startedAt;

    public ExchangeRecord Describe() => FormatFacts.Outside(context);

    public void Log(string origin) => trace.Current?.Note("would write a line to the access log");

    public ValueTask<bool> DelayAsync(TimeSpan time)
    {
        trace.Current?.Note(string.Create(CultureInfo.InvariantCulture, $"would wait {time.TotalMilliseconds:0} ms"));
        return new(true);
    }

    public ValueTask<BodyWait> WaitForBodyAsync(int? atLeast, TimeSpan? limit)
    {
        if (context.Request is { } head && ExplainedExchange.AnnouncesBody(head) && request.Body is null)
        {
            trace.LacksBody = true;
            trace.Current?.Note("would wait for the request's body, which was not given");
            trace.NoteUncertain();
            return new(BodyWait.Done);
        }

        var body = request.Body ?? default;
        context.RequestBody = body[..Math.Min(body.Length, MostHeld)];
        context.IsRequestBodyComplete = body.Length <= MostHeld;
        return new(BodyWait.Done);
    }

    public ValueTask SendInformationalAsync(ReadOnlyMemory<byte> head)
    {
        trace.Current?.Note($"sends {Shown.Bytes(head.Span.TrimEnd("\r\n"u8))} ahead");
        return ValueTask.CompletedTask;
    }
}
