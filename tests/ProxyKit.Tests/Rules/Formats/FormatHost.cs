using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

/// <summary>A host that is described as an exchange to be logged.</summary>
internal sealed class FormatHost(LoggedExchange exchange) : IRuleHost
{
    /// <summary>How often it was asked.</summary>
    public int Descriptions { get; private set; }

    public DateTimeOffset StartedAt => exchange.StartedAt;

    public void Log(string origin)
    {
    }

    public ExchangeRecord Describe()
    {
        Descriptions++;
        return exchange.ToRecord();
    }

    public ValueTask<bool> DelayAsync(TimeSpan time) => throw new NotSupportedException();

    public ValueTask<BodyWait> WaitForBodyAsync(int? atLeast, TimeSpan? limit) => throw new NotSupportedException();

    public ValueTask SendInformationalAsync(ReadOnlyMemory<byte> head) => throw new NotSupportedException();
}
