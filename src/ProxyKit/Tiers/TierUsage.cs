namespace ProxyKit.Tiers;

/// <summary>How an exchange went, for those who say what it has cost.</summary>
/// <param name="Client">The client's key.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Reserved">How many units it was charged when it was admitted, or when the head of its response came.</param>
/// <param name="Status">The status that the client got; 0 for none.</param>
/// <param name="BytesFromClient">How many bytes came from the client.</param>
/// <param name="BytesFromServer">How many bytes came from the server.</param>
/// <param name="Duration">How long it took, up to the last bytes of the response, which are sent behind this.</param>
public readonly record struct TierUsage(
    string Client, string Tier, long Reserved, int Status, long BytesFromClient, long BytesFromServer, TimeSpan Duration);
