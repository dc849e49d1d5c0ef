namespace ProxyKit.Balancing;

/// <summary>What of a request or a connection decides which server it goes to.</summary>
internal interface IBalancingKey
{
    /// <summary>The hash of the key; false where there is none, which spreads the requests instead.</summary>
    bool TryHash(in BalancingContext context, KeyHash hash, out uint value);
}
