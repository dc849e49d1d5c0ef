using System.Text;
using ProxyKit.Logging;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>An exchange's side of rules that waits for nothing and notes what it was asked.</summary>
internal sealed class RecordingHost : IRuleHost
{
    public DateTimeOffset StartedAt => DateTimeOffset.UnixEpoch;

    public List<string> Informational { get; } = [];

    public List<TimeSpan> Delays { get; } = [];

    public List<(int? AtLeast, TimeSpan? Limit)> BodyWaits { get; } = [];

    public BodyWait BodyEnd { get; set; }

    public bool IsGone { get; set; }

    public List<string> Logged { get; } = [];

    public void Log(string origin) => Logged.Add(origin);

    public ExchangeRecord Describe() => throw new NotSupportedException();

    public ValueTask<bool> DelayAsync(TimeSpan time)
    {
        Delays.Add(time);
        return new(!IsGone);
    }

    public ValueTask<BodyWait> WaitForBodyAsync(int? atLeast, TimeSpan? limit)
    {
        BodyWaits.Add((atLeast, limit));
        return new(BodyEnd);
    }

    public ValueTask SendInformationalAsync(ReadOnlyMemory<byte> head)
    {
        Informational.Add(Encoding.Latin1.GetString(head.Span));
        return ValueTask.CompletedTask;
    }
}
