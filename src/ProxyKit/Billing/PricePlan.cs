namespace ProxyKit.Billing;

/// <summary>What clients pay for what they use in a period.</summary>
public sealed class PricePlan
{
    /// <summary>Its name, on invoices.</summary>
    public required string Name { get; init; }

    /// <summary>The currency, as ISO 4217 has it.</summary>
    /// <value><c>EUR</c> by default; three capital letters.</value>
    public string Currency { get; set; } = "EUR";

    /// <summary>To how many places each line is rounded. Halves go to the even neighbour (the banker's rule): 0.125 is 0.12, 0.135 is 0.14.</summary>
    /// <value>2 by default; 0 to 6.</value>
    public int Decimals { get; set; } = 2;

    /// <summary>What a period costs whatever is used.</summary>
    /// <value>0 by default; 0 or more.</value>
    public decimal FlatFee { get; set; }

    /// <summary>The least that a period costs: where all lines come to less, one more makes up for it.</summary>
    /// <value>Null by default: nothing.</value>
    public decimal? Minimum { get; set; }

    /// <summary>Whether flat fee, minimum and what is included are for the part of the period in which the client had the plan, by days. What is
    /// included is rounded down to whole units.</summary>
    /// <value>True by default.</value>
    public bool IsProrated { get; set; } = true;

    /// <summary>What each meter costs. What is used of a meter that has no price is free, and not on the invoice.</summary>
    public IList<MeterPrice> Prices { get; } = [];

    /// <summary>Finds everything that is wrong with it.</summary>
    /// <returns>The faults, each with its place; none for a plan that can be charged by.</returns>
    public IReadOnlyList<string> Check() => PricePlanCheck.Faults(this);
}

/// <summary>How the price of a meter depends on how much is used of it.</summary>
public enum PriceModel
{
    /// <summary>Each unit costs the same.</summary>
    PerUnit,

    /// <summary>Each unit costs what its band says: the first thousand so much each, those behind them less.</summary>
    Graduated,

    /// <summary>All units cost what the band says that the last of them is in.</summary>
    Volume,
}

/// <summary>What a meter costs.</summary>
public sealed class MeterPrice
{
    /// <summary>The meter: one of <see cref="Metering.UsageMeters"/>, or one's own.</summary>
    public required string Meter { get; init; }

    /// <summary>How many units cost nothing. Prices and bands are for those beyond them.</summary>
    /// <value>0 by default; 0 or more.</value>
    public long Included { get; set; }

    /// <summary>How the price depends on the quantity.</summary>
    public PriceModel Model { get; set; }

    /// <summary>For <see cref="PriceModel.PerUnit"/>: what <see cref="PerUnits"/> units cost.</summary>
    /// <value>0 by default; 0 or more.</value>
    public decimal UnitPrice { get; set; }

    /// <summary>For how many units prices are: 1000 for a price per thousand. Part of that costs its part.</summary>
    /// <value>1 by default; 1 or more.</value>
    public long PerUnits { get; set; } = 1;

    /// <summary>For the other models: the bands, the last one without an end.</summary>
    public IList<PriceBand> Bands { get; } = [];
}

/// <summary>A part of the quantities of a meter.</summary>
/// <param name="UpTo">The last unit of the band; null for no end.</param>
/// <param name="UnitPrice">What <see cref="MeterPrice.PerUnits"/> units cost.</param>
/// <param name="FlatFee">What it costs once that any unit is in the band.</param>
public readonly record struct PriceBand(long? UpTo, decimal UnitPrice, decimal FlatFee = 0);
