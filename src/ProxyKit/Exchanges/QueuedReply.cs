using System.Buffers.Text;
using ProxyKit.Http;
using ProxyKit.Rules;

namespace ProxyKit.Exchanges;

/// <summary>Tells a client whose request was turned away from a queue when to come back (RFC 9110 §10.2.3).</summary>
internal static class QueuedReply
{
    private const int MostSeconds = 120; // what is measured now says nothing of a later time

    /// <summary>In how many seconds a request that came now would have its turn; 1 where nobody knows.</summary>
    public static int RetryAfter(BackendPolicy target, RuleContext context) =>
        target.Queue.EstimateWait(target.TicketOf(context)) is { } wait ? (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, MostSeconds) : 1;

    /// <summary>Adds the field, unless an error page of one's own has it.</summary>
    public static void AddRetryAfter(ResponseHead response, int seconds)
    {
        if (!response.Headers.TryGetBytes("retry-after", out _))
        {
            Span<byte> digits = stackalloc byte[10];
            Utf8Formatter.TryFormat(seconds, digits, out var length);
            response.Headers.Add("retry-after"u8, digits[..length]);
        }
    }
}
