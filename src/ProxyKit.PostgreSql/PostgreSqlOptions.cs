namespace ProxyKit.PostgreSql;

/// <summary>How a gateway works with the database.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>The schema that holds the tables; made where it is not there.</summary>
    /// <value><c>proxykit</c> by default; 1 to 40 lower-case letters, digits and underscores, a letter first.</value>
    public string Schema { get; set; } = "proxykit";

    /// <summary>Whether the tables are made, or brought to the version of this package, when the database is asked first. Otherwise
    /// <see cref="PostgreSqlGateway.MigrateAsync"/> is for whoever has the right to, and tables of another version are not used.</summary>
    /// <value>True by default.</value>
    public bool Migrates { get; set; } = true;

    /// <summary>What this gateway is called in the tables, for people: what it has brought is known by its journal, not by this.</summary>
    /// <value>The machine's name by default; at most 100 characters.</value>
    public string Gateway { get; set; } = Environment.MachineName;

    /// <summary>How often what is new in the journal is brought to the database.</summary>
    /// <value>1 second by default; 10 ms to 1 hour.</value>
    public TimeSpan ShipInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>About how many events are brought in one transaction. What a journal wrote at once is brought at once, which may be as many as there was room for in
    /// memory (<see cref="Metering.Journals.UsageJournalOptions.MaxBufferedBytes"/>).</summary>
    /// <value>10,000 by default; 1 to 1,000,000.</value>
    public int ShipBatch { get; set; } = 10_000;

    /// <summary>For how long the ids of events that somebody handed in are known, so that they do not count again.</summary>
    /// <value>90 days by default; 1 hour to 10 years.</value>
    public TimeSpan KnownIdsFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>For how long single events are kept in the database, beside the sums that they are in: what exactly is on an invoice can be asked then
    /// (<see cref="Usage.PostgreSqlUsageStore.ReadEventsAsync"/>). An event takes some 300 bytes there, and its writing takes most of the time that is taken.</summary>
    /// <value>Null by default: they are not kept there, only in the journals and for as long as those keep them. 1 hour to 10 years, from the hour an event counts in.
    /// What is there already stays there while this is null: another gateway may keep it.</value>
    public TimeSpan? KeepEventsFor { get; set; }

    /// <summary>How often leases that run low are renewed, and those of new clients made.</summary>
    /// <value>50 ms by default; 1 ms to 1 minute.</value>
    public TimeSpan LeaseInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How much of a limit one gateway leases at once at most. A lease is no more than a quarter of what is free either; it grows with a client's
    /// pace.</summary>
    /// <value>0.1 by default, but at least 10 units; more than 0, to 1.</value>
    public double LargestLease { get; set; } = 0.1;

    /// <summary>After how long without a request of its client a lease is given back, in which time others cannot use it.</summary>
    /// <value>5 seconds by default; 10 ms to 1 hour.</value>
    public TimeSpan GiveBackAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>See <see cref="Tiers.TierLeases.ExpireAfter"/>. A gateway shows itself three times in this.</summary>
    /// <value>30 seconds by default; 1 second to 1 hour.</value>
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="Tiers.TierLeases.Credit"/>.</summary>
    /// <value>0.1 by default; 0 to 1.</value>
    public double Credit { get; set; } = 0.1;

    /// <summary>See <see cref="Tiers.TierLeases.CreditWhileAway"/>.</summary>
    /// <value>1 by default; 0 to 1.</value>
    public double CreditWhileAway { get; set; } = 1;

    /// <summary>After how long without an answer about leases the database counts as away.</summary>
    /// <value>1 second by default; 10 ms to 1 minute.</value>
    public TimeSpan AwayAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one command may take, and connecting, which is given 30 seconds at most. A <c>Command Timeout</c> or a <c>Timeout</c> of the connection
    /// string goes before it.</summary>
    /// <value>10 seconds by default; 1 second to 10 minutes.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long is waited before what failed is tried again.</summary>
    /// <value>1 second by default; 10 ms to 10 minutes.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop may take to bring what is left and to give leases back. What is not brought then stays in the journal.</summary>
    /// <value>5 seconds by default; 0 to 10 minutes.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>All that is wrong with them, with the way to it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Schema is null or not { Length: > 0 and <= 40 } || !char.IsAsciiLetterLower(Schema[0])
            || !Schema.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            yield return At(nameof(Schema), $"'{Schema}' is no name of a schema: 1 to 40 lower-case letters, digits and underscores, a letter first.");
        }

        if (Gateway is null or { Length: 0 or > 100 })
        {
            yield return At(nameof(Gateway), "is missing, or longer than 100 characters.");
        }

        if (ShipBatch is < 1 or > 1_000_000)
        {
            yield return At(nameof(ShipBatch), $"{ShipBatch} is out of range (1-1000000).");
        }

        if (!(LargestLease is > 0 and <= 1))
        {
            yield return At(nameof(LargestLease), $"{LargestLease} is out of range (more than 0, to 1).");
        }

        foreach (var (property, part) in ((string, double)[])[(nameof(Credit), Credit), (nameof(CreditWhileAway), CreditWhileAway)])
        {
            if (!(part is >= 0 and <= 1))
            {
                yield return At(property, $"{part} is out of range (0-1).");
            }
        }

        foreach (var (property, value, least, most) in Times())
        {
            if (value < least || value > most)
            {
                yield return At(property, $"{value} is out of range ({least} to {most}).");
            }
        }
    }

    private static string At(string property, string fault) => $"postgresql > {property}: {fault}";

    private (string Property, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] Times()
    {
        var moment = TimeSpan.FromMilliseconds(10);
        return
        [
            (nameof(ShipInterval), ShipInterval, moment, TimeSpan.FromHours(1)),
            (nameof(KnownIdsFor), KnownIdsFor, TimeSpan.FromHours(1), TimeSpan.FromDays(3660)),
            (nameof(KeepEventsFor), KeepEventsFor ?? TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromDays(3660)),
            (nameof(LeaseInterval), LeaseInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            (nameof(GiveBackAfter), GiveBackAfter, moment, TimeSpan.FromHours(1)),
            (nameof(ExpireAfter), ExpireAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            (nameof(AwayAfter), AwayAfter, moment, TimeSpan.FromMinutes(1)),
            (nameof(CommandTimeout), CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            (nameof(RetryDelay), RetryDelay, moment, TimeSpan.FromMinutes(10)),
            (nameof(StopTimeout), StopTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        ];
    }
}
