namespace ProxyKit.PostgreSql.Schema;

/// <summary>All steps, in their order.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> All = [new(1, UsageTables), new(2, LeaseTables)];

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

    /// <summary>What all gateways have taken of a limit in a period, and what of that each has. Leases are told in absolute numbers, so that telling one
    /// again after a lost answer changes nothing.</summary>
    private const string LeaseTables = """
        CREATE TABLE quotas (
            tiers text COLLATE "C" NOT NULL,
            client bytea NOT NULL,
            limit_name text COLLATE "C" NOT NULL,
            ends_at timestamptz NOT NULL,
            taken bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (tiers, client, limit_name, ends_at)
        ) WITH (fillfactor = 70);
        CREATE INDEX quotas_by_age ON quotas (ends_at);

        CREATE TABLE leases (
            tiers text COLLATE "C" NOT NULL,
            client bytea NOT NULL,
            limit_name text COLLATE "C" NOT NULL,
            ends_at timestamptz NOT NULL,
            process uuid NOT NULL,
            number bigint NOT NULL,
            gateway text NOT NULL,
            used bigint NOT NULL,
            granted bigint NOT NULL,
            told_at timestamptz NOT NULL,
            PRIMARY KEY (tiers, client, limit_name, ends_at, process, number),
            FOREIGN KEY (tiers, client, limit_name, ends_at) REFERENCES quotas ON DELETE CASCADE
        ) WITH (fillfactor = 70);

        CREATE FUNCTION lease(
            this_process uuid, this_gateway text, now_at timestamptz,
            all_tiers text[], clients bytea[], limit_names text[], ends timestamptz[], numbers bigint[],
            limits bigint[], used_units bigint[], held_units bigint[], wanted_units bigint[], needed_units bigint[])
        RETURNS TABLE (granted_units bigint, taken_units bigint)
        LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        DECLARE
            total bigint;
            had bigint;
            free bigint;
        BEGIN
            FOR i IN 1 .. coalesce(array_length(clients, 1), 0) LOOP
                INSERT INTO quotas AS q (tiers, client, limit_name, ends_at)
                VALUES (all_tiers[i], clients[i], limit_names[i], ends[i]) ON CONFLICT DO NOTHING;
                SELECT q.taken INTO total FROM quotas q
                WHERE q.tiers = all_tiers[i] AND q.client = clients[i] AND q.limit_name = limit_names[i] AND q.ends_at = ends[i]
                FOR UPDATE;
                SELECT l.granted INTO had FROM leases l
                WHERE l.tiers = all_tiers[i] AND l.client = clients[i] AND l.limit_name = limit_names[i] AND l.ends_at = ends[i]
                    AND l.process = this_process AND l.number = numbers[i];
                had := coalesce(had, 0);
                -- What others have is theirs; what this one has used is used; of the rest it gets a part, so that others get some too.
                free := greatest(limits[i] - (total - had) - used_units[i], 0);
                granted_units := greatest(
                    held_units[i],
                    used_units[i] + greatest(
                        least(wanted_units[i], (free + 3) / 4),
                        CASE WHEN needed_units[i] <= free THEN needed_units[i] ELSE 0 END));
                taken_units := total + granted_units - had;
                INSERT INTO leases AS l (tiers, client, limit_name, ends_at, process, number, gateway, used, granted, told_at)
                VALUES (all_tiers[i], clients[i], limit_names[i], ends[i], this_process, numbers[i], this_gateway, used_units[i], granted_units, now_at)
                ON CONFLICT (tiers, client, limit_name, ends_at, process, number)
                DO UPDATE SET used = excluded.used, granted = excluded.granted, told_at = excluded.told_at;
                UPDATE quotas q SET taken = taken_units
                WHERE q.tiers = all_tiers[i] AND q.client = clients[i] AND q.limit_name = limit_names[i] AND q.ends_at = ends[i];
                RETURN NEXT;
            END LOOP;
        END $$;
        """;
}
