using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Exchanges;

/// <summary>Writes access lines in a format of the user's.</summary>
internal static class AccessLine
{
    public static void Write(IExchangeLog log, CompiledFormat format, RuleContext context, in ExchangeRecord record)
    {
        var buffer = new FormatBuffer(CompiledFormat.MaxLine);
        try
        {
            format.Write(context, in record, ref buffer);
            log.Line(buffer.Written, context.Settings.LogLevel ?? LogLevel.Information);
        }
        finally
        {
            buffer.Dispose();
        }
    }
}
