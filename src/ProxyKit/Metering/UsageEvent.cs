using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.Metering;

/// <summary>What one request used, or an adjustment of somebody's account. Written once and never changed: what is wrong is put right by another
/// event.</summary>
public sealed record UsageEvent
{
    /// <summary>Tells it from all others: an event whose id a journal knows is not counted again.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it happened; kept to the millisecond.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who used it; empty where nobody knows. Of a name longer than 255 bytes of UTF-8 a digest stands for the end; control characters
    /// are written as <c>\x0a</c>.</summary>
    public required string Client { get; init; }

    /// <summary>The client's tier, or plan; empty for none.</summary>
    public string Tier { get; init; } = "";

    /// <summary>The frontend that the request came in at.</summary>
    public string Frontend { get; init; } = "";

    /// <summary>What kind of request it was: what <see cref="MeteringOptions.Route"/> says, else, where that has no value too, the row of the <see cref="ScopePolicy"/> that was about
    /// it, as in <c>GET /api/hamsters/*</c>; empty where neither is known. Totals do not tell routes apart.</summary>
    public string Route { get; init; } = "";

    /// <summary>The backend it was for; empty where none was chosen.</summary>
    public string Backend { get; init; } = "";

    /// <summary>What became of it.</summary>
    public UsageOutcome Outcome { get; init; }

    /// <summary>The status that the client was answered; 0 for none.</summary>
    public int Status { get; init; }

    /// <summary>Bytes from the client.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes from the server.</summary>
    public long BytesOut { get; init; }

    /// <summary>What else it counts for, in whole units of each meter; below zero gives back. At most 16. A journal takes no more than 10^12 of a
    /// meter at once, in either direction.</summary>
    public IReadOnlyList<MeterValue> Meters { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <summary>The event as stores keep it, its names shortened and made visible where they need it, as <see cref="Client"/> says. Names that are so
    /// already stay as they are.</summary>
    /// <returns>The event.</returns>
    public UsageEvent AsKept()
    {
        return this with
        {
            Client = Kept(Client),
            Tier = Kept(Tier),
            Frontend = Kept(Frontend),
            Route = Kept(Route),
            Backend = Kept(Backend),
            Meters = [.. Meters.Select(static m => new MeterValue(Kept(m.Meter), m.Quantity))],
        };

        // Halves of characters are none in UTF-8.
        static string Kept(string name) => UsageText.Stored(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
    }

    /// <summary>An id that the same text always gives: the number of an order, say.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The id.</returns>
    public static Guid IdOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
