namespace ProxyKit.PostgreSql.Schema;

/// <summary>What all gateways have taken of their clients' limits, and what of that each has.</summary>
internal static class LeaseTables
{
    /// <remarks>
    /// A row of <c>quotas</c> is one limit of one client, and locked while somebody asks for a lease of it; so all who ask are one behind the other. Leases are told
    /// whole rather than as changes, so that telling one again behind a lost answer changes nothing. What others have is, by how the limit counts:
    /// of a period, <c>taken</c>, which outlives those who took it; of a sliding window, what leases have in the pieces that it still has; of a bucket, its
    /// <c>level</c>, which falls evenly by this database's clock, but not below what is leased and not used, so that what is leased is no room for more; of
    /// concurrency, what gateways have that showed themselves of late.
    /// The first who asks in a period says when it ends, for all.
    /// A gateway that did not show itself for long may have lost what it leased of buckets and slots to others, and is told so of each lease when it tells of that first
    /// since it is back, whenever that is.
    /// </remarks>
    public const string Sql = """
        DROP FUNCTION IF EXISTS lease;
        DROP TABLE IF EXISTS leases, quotas, gateways CASCADE; -- of an earlier step 2 or 3

        CREATE TABLE gateways (
            process uuid PRIMARY KEY,
            gateway text NOT NULL,
            seen_at timestamptz NOT NULL,
            back_at timestamptz NOT NULL -- since when it has shown itself without a break
        ) WITH (fillfactor = 50);

        CREATE TABLE quotas (
            tiers text COLLATE "C" NOT NULL,
            client bytea NOT NULL,
            limit_name text COLLATE "C" NOT NULL,
            shape text COLLATE "C" NOT NULL,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            taken bigint NOT NULL DEFAULT 0,
            level numeric NOT NULL DEFAULT 0, -- units times milliseconds
            looked_at timestamptz NOT NULL,
            forget_at timestamptz NOT NULL,
            PRIMARY KEY (tiers, client, limit_name, shape)
        ) WITH (fillfactor = 70);
        CREATE INDEX quotas_by_age ON quotas (forget_at);

        CREATE TABLE leases (
            tiers text COLLATE "C" NOT NULL,
            client bytea NOT NULL,
            limit_name text COLLATE "C" NOT NULL,
            shape text COLLATE "C" NOT NULL,
            process uuid NOT NULL,
            number bigint NOT NULL,
            gateway text NOT NULL,
            ends_at timestamptz NOT NULL,
            used bigint NOT NULL,
            granted bigint NOT NULL,
            earlier bigint[] NOT NULL,
            told_at timestamptz NOT NULL,
            forget_at timestamptz NOT NULL,
            PRIMARY KEY (tiers, client, limit_name, shape, process, number),
            FOREIGN KEY (tiers, client, limit_name, shape) REFERENCES quotas ON DELETE CASCADE
        ) WITH (fillfactor = 70);
        CREATE INDEX leases_by_age ON leases (forget_at);
        """ + Function;

    /// <summary>Answers who asks for leases, row by row. It is made anew by each step that changes it.</summary>
    public const string Function = """

        CREATE OR REPLACE FUNCTION lease(
            this_process uuid, this_gateway text, now_at timestamptz, expire_after interval,
            all_tiers text[], clients bytea[], limit_names text[], shapes text[], periods bigint[], refills bigint[],
            starts timestamptz[], ends timestamptz[], numbers bigint[], limits bigint[], used_units bigint[],
            all_earlier bigint[], earlier_counts int[], held_units bigint[], wanted_units bigint[], needed_units bigint[])
        RETURNS TABLE (granted_units bigint, taken_units bigint, period_starts timestamptz, period_ends timestamptz)
        LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        DECLARE
            unbroken_since timestamptz;
            is_back boolean;
            common quotas%ROWTYPE;
            own leases%ROWTYPE;
            earlier bigint[];
            earlier_from int := 1;
            earlier_sum bigint;
            held bigint;
            had bigint;
            others numeric;
            free bigint;
            moment timestamptz;
        BEGIN
            moment := clock_timestamp();
            INSERT INTO gateways AS g (process, gateway, seen_at, back_at) VALUES (this_process, this_gateway, moment, moment)
            ON CONFLICT (process) DO UPDATE
            SET seen_at = excluded.seen_at, back_at = CASE WHEN g.seen_at < excluded.seen_at - expire_after THEN excluded.back_at ELSE g.back_at END
            RETURNING g.back_at INTO unbroken_since;
            FOR i IN 1 .. coalesce(array_length(clients, 1), 0) LOOP
                LOOP
                    SELECT q.* INTO common FROM quotas q
                    WHERE q.tiers = all_tiers[i] AND q.client = clients[i] AND q.limit_name = limit_names[i] AND q.shape = shapes[i] FOR UPDATE;
                    EXIT WHEN FOUND; -- else it was never there, or has been forgotten meanwhile
                    INSERT INTO quotas AS q (tiers, client, limit_name, shape, starts_at, ends_at, looked_at, forget_at)
                    VALUES (all_tiers[i], clients[i], limit_names[i], shapes[i], starts[i], ends[i], clock_timestamp(), now_at) ON CONFLICT DO NOTHING;
                END LOOP;
                SELECT l.* INTO own FROM leases l
                WHERE l.tiers = all_tiers[i] AND l.client = clients[i] AND l.limit_name = limit_names[i] AND l.shape = shapes[i]
                    AND l.process = this_process AND l.number = numbers[i];
                earlier := coalesce(all_earlier[earlier_from : earlier_from + earlier_counts[i] - 1], '{}');
                earlier_from := earlier_from + earlier_counts[i];
                earlier_sum := coalesce((SELECT sum(e) FROM unnest(earlier) e), 0);
                held := held_units[i];
                is_back := coalesce(own.told_at < unbroken_since, false);
                IF shapes[i] LIKE 'bucket %' OR shapes[i] = 'concurrency' THEN
                    -- Others may have it by now. What it was told then it may not have heard, so it holds no more than that.
                    held := CASE WHEN is_back THEN used_units[i] ELSE least(held, coalesce(own.granted, held)) END;
                END IF;
                had := 0;
                moment := clock_timestamp();
                period_starts := starts[i];
                period_ends := ends[i];

                IF shapes[i] LIKE 'bucket %' THEN
                    had := coalesce(own.granted, held); -- all of it, where the row is lost: what was ever used is no new use
                    had := CASE WHEN is_back THEN least(had, held) ELSE had END; -- what it had left was not kept for it, so nothing of that is given back
                    common.level := greatest(
                        common.level - greatest(extract(epoch FROM moment - common.looked_at), 0) * 1000 * refills[i],
                        periods[i] * (
                            SELECT coalesce(sum(greatest(l.granted - l.used, 0)), 0) FROM leases l JOIN gateways g ON g.process = l.process
                            WHERE l.tiers = all_tiers[i] AND l.client = clients[i] AND l.limit_name = limit_names[i] AND l.shape = shapes[i]
                                AND g.seen_at >= moment - expire_after AND l.told_at >= g.back_at));
                    others := ceil(common.level / periods[i]) - had;
                ELSIF shapes[i] = 'concurrency' THEN
                    SELECT coalesce(sum(l.granted), 0) INTO others FROM leases l JOIN gateways g ON g.process = l.process
                    WHERE l.tiers = all_tiers[i] AND l.client = clients[i] AND l.limit_name = limit_names[i] AND l.shape = shapes[i]
                        AND (l.process, l.number) <> (this_process, numbers[i]) AND g.seen_at >= moment - expire_after;
                ELSIF shapes[i] LIKE 'sliding %' THEN
                    common.starts_at := greatest(common.starts_at, starts[i]);
                    common.ends_at := greatest(common.ends_at, ends[i]);
                    SELECT coalesce(sum(p.units), 0) INTO others
                    FROM leases l CROSS JOIN LATERAL unnest(array_prepend(l.granted, l.earlier)) WITH ORDINALITY AS p (units, back)
                    WHERE l.tiers = all_tiers[i] AND l.client = clients[i] AND l.limit_name = limit_names[i] AND l.shape = shapes[i]
                        AND (l.process, l.number) <> (this_process, numbers[i])
                        AND l.ends_at - (p.back - 1) * (ends[i] - starts[i]) > ends[i] - (earlier_counts[i] + 1) * (ends[i] - starts[i]);
                ELSE
                    IF common.ends_at <= greatest(starts[i], now_at) THEN -- the one before is over
                        common.starts_at := greatest(starts[i], common.ends_at);
                        common.ends_at := ends[i];
                        common.taken := 0;
                    END IF;
                    IF ends[i] <= common.starts_at THEN -- this gateway's clock is slow: its period is over
                        granted_units := held;
                        taken_units := greatest(limits[i], held);
                        RETURN NEXT;
                        CONTINUE;
                    END IF;
                    had := CASE WHEN own.ends_at = common.ends_at THEN own.granted ELSE 0 END;
                    others := common.taken - had;
                    period_starts := common.starts_at;
                    period_ends := common.ends_at;
                END IF;

                -- What others have is theirs; what this one has used is used; of the rest it gets a part, so that others get some too.
                free := greatest(limits[i] - others - earlier_sum - used_units[i], 0);
                granted_units := greatest(
                    held,
                    used_units[i] + greatest(
                        least(wanted_units[i], (free + 3) / 4),
                        CASE WHEN needed_units[i] <= free THEN needed_units[i] ELSE 0 END));
                taken_units := others + earlier_sum + granted_units;
                IF shapes[i] LIKE 'bucket %' THEN
                    common.level := greatest(common.level + (granted_units - had)::numeric * periods[i], 0);
                END IF;

                INSERT INTO leases AS l
                VALUES (all_tiers[i], clients[i], limit_names[i], shapes[i], this_process, numbers[i], this_gateway, period_ends, used_units[i], granted_units, earlier, moment,
                    CASE WHEN shapes[i] LIKE 'bucket %' OR shapes[i] = 'concurrency' THEN now_at + interval '30 days'
                        ELSE period_ends + earlier_counts[i] * (ends[i] - starts[i]) + interval '1 day' END)
                ON CONFLICT (tiers, client, limit_name, shape, process, number) DO UPDATE
                SET ends_at = excluded.ends_at, used = excluded.used, granted = excluded.granted, earlier = excluded.earlier, told_at = excluded.told_at,
                    forget_at = excluded.forget_at;
                UPDATE quotas q
                SET starts_at = common.starts_at, ends_at = common.ends_at, taken = taken_units, level = common.level, looked_at = moment,
                    forget_at = greatest(q.forget_at, CASE
                        WHEN shapes[i] LIKE 'bucket %' THEN now_at + interval '30 days' + least(common.level / refills[i], 1e12)::float8 * interval '1 ms'
                        WHEN shapes[i] = 'concurrency' THEN now_at + interval '30 days'
                        ELSE period_ends + earlier_counts[i] * (ends[i] - starts[i]) + interval '1 day' END)
                WHERE q.tiers = all_tiers[i] AND q.client = clients[i] AND q.limit_name = limit_names[i] AND q.shape = shapes[i];
                RETURN NEXT;
            END LOOP;
        END $$;
        """;
}
