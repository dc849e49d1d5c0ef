namespace ProxyKit.Metering;

/// <summary>What is known of a request at its end.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="HasForeignId">Whether the id was handed in, so that it may come twice.</param>
/// <param name="Id">Its id.</param>
/// <param name="Time">When, in milliseconds since 1970.</param>
/// <param name="Status">The status; 0 for none.</param>
/// <param name="BytesIn">Bytes from the client.</param>
/// <param name="BytesOut">Bytes from the server.</param>
internal readonly record struct UsageEnd(UsageOutcome Outcome, bool HasForeignId, UInt128 Id, long Time, int Status, long BytesIn, long BytesOut);
