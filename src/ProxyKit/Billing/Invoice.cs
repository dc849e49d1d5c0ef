namespace ProxyKit.Billing;

/// <summary>What a client owes for a period. It is not changed any more: what is wrong is put right by another one.</summary>
public sealed record Invoice
{
    /// <summary>Its number, for those who have one; empty otherwise.</summary>
    public string Number { get; init; } = "";

    /// <summary>Who owes it.</summary>
    public required string Client { get; init; }

    /// <summary>The plan's name.</summary>
    public required string Plan { get; init; }

    /// <summary>The days it is for.</summary>
    public required BillingPeriod Period { get; init; }

    /// <summary>The currency of all amounts.</summary>
    public required string Currency { get; init; }

    /// <summary>Whether more may still be used in the period, since it is not closed: a view, and nothing to be paid.</summary>
    public bool IsDraft { get; init; }

    /// <summary>The number of the invoice that this one takes back; null where it takes none back.</summary>
    public string? TakesBack { get; init; }

    /// <summary>What it is made up of.</summary>
    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    /// <summary>The sum of the lines' amounts, to the last place.</summary>
    public decimal Total => Lines.Sum(static l => l.Amount);

    /// <summary>Makes the invoice that takes this one back, line by line, so that a right one can follow.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="reason">Why, for its lines.</param>
    /// <returns>The other invoice; both add up to nothing.</returns>
    public Invoice TakeBack(string number, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(number);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return this with
        {
            Number = number,
            TakesBack = Number,
            Lines = [.. Lines.Select(l => l with { Description = $"{l.Description} ({reason})", Quantity = -l.Quantity, Amount = -l.Amount })],
        };
    }
}

/// <summary>A line of an invoice.</summary>
public sealed record InvoiceLine
{
    /// <summary>What it is for.</summary>
    public required InvoiceLineKind Kind { get; init; }

    /// <summary>The same for people.</summary>
    public required string Description { get; init; }

    /// <summary>The meter; null where it is about none.</summary>
    public string? Meter { get; init; }

    /// <summary>How many units.</summary>
    public decimal Quantity { get; init; }

    /// <summary>What <see cref="PerUnits"/> of them cost; null where there is no one price.</summary>
    public decimal? UnitPrice { get; init; }

    /// <summary>For how many units the price is.</summary>
    public long PerUnits { get; init; } = 1;

    /// <summary>What it comes to, rounded as the plan says.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The first day of the period in which it was used, where that was closed by the time it became known; null for what came in
    /// time.</summary>
    public DateOnly? Corrects { get; init; }
}

/// <summary>What a line of an invoice is for.</summary>
public enum InvoiceLineKind
{
    /// <summary>The fee of the plan.</summary>
    FlatFee,

    /// <summary>What was used and costs nothing.</summary>
    Included,

    /// <summary>What was used and is charged.</summary>
    Usage,

    /// <summary>What was used before, and became known when that time was closed: what it adds to its own period's invoice.</summary>
    Correction,

    /// <summary>What is missing to the least that the plan costs.</summary>
    Minimum,
}
