namespace ProxyKit.Metering;

/// <summary>The meters that every request counts for. Those of one's own have other names.</summary>
public static class UsageMeters
{
    /// <summary>Requests that were <see cref="UsageOutcome.Served"/>.</summary>
    public const string Requests = "requests";

    /// <summary>Requests that <see cref="UsageOutcome.Failed"/>.</summary>
    public const string Failed = "failed";

    /// <summary>Requests that were <see cref="UsageOutcome.Refused"/>.</summary>
    public const string Refused = "refused";

    /// <summary>Bytes that clients sent with requests that were let in, heads included.</summary>
    public const string BytesIn = "bytes-in";

    /// <summary>Bytes that servers sent for them, heads included.</summary>
    public const string BytesOut = "bytes-out";

    /// <summary>Whether a name is one of these.</summary>
    /// <param name="meter">The name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsBuiltIn(string meter) => meter is Requests or Failed or Refused or BytesIn or BytesOut;
}
