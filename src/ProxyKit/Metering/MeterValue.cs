namespace ProxyKit.Metering;

/// <summary>How much of a meter.</summary>
/// <param name="Meter">Its name.</param>
/// <param name="Quantity">How much, in whole units.</param>
public readonly record struct MeterValue(string Meter, long Quantity);
