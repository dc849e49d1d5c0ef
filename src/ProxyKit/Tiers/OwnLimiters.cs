using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>Asks the limiters of the user's that a tier has, once the windows have admitted a request; takes that back where one of them refuses.</summary>
internal static class OwnLimiters
{
    /// <summary>How long a client is told to wait where the limiter has nothing to say of that.</summary>
    private const long UsualRetry = 1000;

    /// <param name="table">The clients.</param>
    /// <param name="admission">Of a request that the windows have admitted.</param>
    /// <param name="cancellationToken">Ends the waiting of a request that is given up.</param>
    public static async ValueTask AcquireAsync(ClientTable table, Admission admission, CancellationToken cancellationToken)
    {
        var (client, plan) = (admission.Client!, admission.Plan!); // admitted
        for (var i = 0; i < plan.Windows.Length; i++)
        {
            var window = plan.Windows[i];
            if (window.Shape.Kind != TierLimitKind.Own)
            {
                continue;
            }

            RateLimitLease lease;
            try
            {
                if (table.LimiterOf(client, plan, window) is not { } limiter)
                {
                    continue; // as in the newer configuration that has done away with it
                }

                lease = await limiter.AcquireAsync((int)Math.Min(window.CostOf(admission.Units), int.MaxValue), cancellationToken).ConfigureAwait(false);
            }
            catch (ArgumentOutOfRangeException e) when (e.ParamName == "permitCount")
            {
                Refuse(table, admission, i, long.MaxValue); // the request costs more than the limiter ever gives
                return;
            }
            catch
            {
                admission.Outcome = TierOutcome.None;
                table.Withdraw(admission); // it threw, or the request was given up: what it took is given back either way
                admission.EndLeases();
                throw;
            }

            admission.Keep(lease);
            if (!lease.IsAcquired)
            {
                Refuse(table, admission, i, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(0, (long)wait.TotalMilliseconds) : UsualRetry);
                return;
            }
        }
    }

    private static void Refuse(ClientTable table, Admission admission, int index, long retryIn)
    {
        (admission.Outcome, admission.RefusedBy, admission.RefusedMask, admission.RetryIn) =
            (TierOutcome.Refused, admission.Plan!.Windows[index], 1u << index, retryIn); // admitted, so there is a plan
        table.Withdraw(admission);
        admission.EndLeases();
    }
}
