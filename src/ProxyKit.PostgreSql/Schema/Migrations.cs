namespace ProxyKit.PostgreSql.Schema;

/// <summary>All steps, in their order.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> All =
    [
        new(1, UsageTables), new(2, Nothing), new(3, EventTable), new(4, LeaseTables.Sql), new(5, DamageTable), new(6, Routes), new(7, LeaseTables.Function),
    ];

    /// <summary>Made the tables of leases as they were before the fourth step makes them anew: there is nothing in them that a new gateway could use.</summary>
    private const string Nothing = "SELECT";

    /// <summary>Sums of what was used; which events and which parts of journals are in them; and until when they are closed. A total that corrects no
    /// other hour has the beginning of 1970 there, since what is null is never equal.</summary>
    private const string UsageTables = """
        CREATE TABLE usage_totals (
            hour timestamptz NOT NULL,
            client text COLLATE "C" NOT NULL,
            tier text COLLATE "C" NOT NULL,
            meter text COLLATE "C" NOT NULL,
            corrects timestamptz NOT NULL DEFAULT 'epoch',
            quantity numeric NOT NULL,
            PRIMARY KEY (hour, client, tier, meter, corrects)
        ) WITH (fillfactor = 70);
        CREATE INDEX usage_totals_of_client ON usage_totals (client, hour);

        CREATE TABLE usage_ids (
            id uuid PRIMARY KEY,
            seen_at timestamptz NOT NULL
        );
        CREATE INDEX usage_ids_by_age ON usage_ids (seen_at);

        CREATE TABLE usage_journals (
            id uuid PRIMARY KEY,
            gateway text NOT NULL,
            segment bigint NOT NULL,
            place bigint NOT NULL,
            brought_at timestamptz NOT NULL
        );

        CREATE TABLE usage_closed (
            is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            until timestamptz NOT NULL
        );
        """;

    /// <summary>What kind of request each event was; those from before do not say.</summary>
    private const string Routes = """
        ALTER TABLE usage_events ADD COLUMN route text COLLATE "C" NOT NULL DEFAULT '';
        """;

    /// <summary>Places of journals that could not be read when they were brought: what was used there is in no sum.</summary>
    private const string DamageTable = """
        CREATE TABLE usage_damage (
            journal uuid NOT NULL,
            place text NOT NULL,
            gateway text NOT NULL,
            found_at timestamptz NOT NULL,
            PRIMARY KEY (journal, place)
        );
        """;

    /// <summary>Single events, where somebody wants them kept: each with the hour that it counts in.</summary>
    private const string EventTable = """
        CREATE TABLE usage_events (
            id uuid PRIMARY KEY,
            happened_at timestamptz NOT NULL,
            hour timestamptz NOT NULL,
            client text COLLATE "C" NOT NULL,
            tier text COLLATE "C" NOT NULL,
            frontend text COLLATE "C" NOT NULL,
            backend text COLLATE "C" NOT NULL,
            outcome int NOT NULL,
            status int NOT NULL,
            bytes_in bigint NOT NULL,
            bytes_out bigint NOT NULL,
            meters jsonb NOT NULL,
            gateway text NOT NULL
        );
        CREATE INDEX usage_events_of_client ON usage_events (client, hour);
        CREATE INDEX usage_events_by_hour ON usage_events (hour);
        """;
}
