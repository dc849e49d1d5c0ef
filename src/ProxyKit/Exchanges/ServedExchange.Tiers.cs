using ProxyKit.Http;
using ProxyKit.Rules.Actions;
using ProxyKit.Tiers;

namespace ProxyKit.Exchanges;

/// <summary>The tier of the client, which lets the request pass or refuses it, and what that is charged in the end.</summary>
internal sealed partial class ServedExchange
{
    /// <inheritdoc/>
    public override string? Tier => _context.Admission.Plan?.Name;

    /// <summary>Between the rules of the frontend and its routes: the client's tier, and whether what it has used leaves room for this request.</summary>
    private ValueTask<Termination?> AskTierAsync()
    {
        if (_policy.Tiers is not { } tiers)
        {
            return default;
        }

        _context.ResetScratch();
        if (tiers.LeavesAlone(_context))
        {
            return default;
        }

        var admission = _context.Admission;
        if (!tiers.TryReadKey(_context, admission))
        {
            return RefuseAsync(tiers, TierOutcome.NoKey);
        }

        if (tiers.Assigned is not { } assigned)
        {
            return JudgeAsync(tiers, tiers.FindPlan(_context));
        }

        var claimed = tiers.Claimed(_context);
        return assigned.TryFind(admission.Key.Span, claimed, tiers.Plans, out var plan)
            ? JudgeAsync(tiers, plan)
            : AskSourceAsync(tiers, assigned, claimed.IsEmpty ? null : claimed.ToArray());
    }

    private async ValueTask<Termination?> AskSourceAsync(TierPolicy tiers, AssignedTiers assigned, byte[]? claimed)
    {
        WatchWhileWaiting();
        var (isKnown, plan) = await assigned
            .FindAsync(_context.Admission.Key.ToArray(), claimed, tiers.Plans, ((Rules.IRuleHost)this).GivenUp).ConfigureAwait(false);
        return _clientLeft ? new Termination(TerminationCause.ClientAbort, _phase)
            : isKnown || HasTierAnyway(tiers) ? await JudgeAsync(tiers, plan).ConfigureAwait(false)
            : await RefuseAsync(tiers, TierOutcome.SourceFailed).ConfigureAwait(false);
    }

    /// <summary>Whether the client has a tier whatever the source might say: one that was set for it alone, or that of all who have none.</summary>
    private bool HasTierAnyway(TierPolicy tiers) =>
        tiers.Group.Resolve(_context.Admission.Key.Span, tiers.Plans, tiers.Plans.Default) is not null;

    private ValueTask<Termination?> JudgeAsync(TierPolicy tiers, TierPlan? claimed)
    {
        var admission = _context.Admission;
        var key = admission.Key.Span;
        if (tiers.Group.Resolve(key, tiers.Plans, claimed ?? tiers.Plans.Default) is not { } plan)
        {
            return RefuseAsync(tiers, TierOutcome.UnknownTier);
        }

        admission.Plan = plan;
        if (tiers.AsksForUsage(Request))
        {
            _isCounted = true; // who looks at an account uses nothing of it: no event
            return RefuseAsync(tiers, TierOutcome.Usage);
        }

        tiers.Group.Clients.Admit(key, plan, tiers.CostOf(_context), admission);
        if (!admission.IsAdmitted)
        {
            return RefuseAsync(tiers, admission.Outcome);
        }

        if (plan.OwnLimiters > 0)
        {
            return AskOwnLimitersAsync(tiers);
        }

        ApplyHints(plan);
        return default;
    }

    private async ValueTask<Termination?> AskOwnLimitersAsync(TierPolicy tiers)
    {
        WatchWhileWaiting();
        var admission = _context.Admission;
        try
        {
            await OwnLimiters.AcquireAsync(tiers.Group.Clients, admission, ((Rules.IRuleHost)this).GivenUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_clientLeft)
        {
            return new Termination(TerminationCause.ClientAbort, _phase);
        }

        if (!admission.IsAdmitted)
        {
            return await RefuseAsync(tiers, admission.Outcome).ConfigureAwait(false);
        }

        ApplyHints(admission.Plan!); // judged by one
        return null;
    }

    /// <summary>What the tier has to say of the way on; rules that stand before it have said so already.</summary>
    private void ApplyHints(TierPlan plan)
    {
        var settings = _context.Settings;
        settings.PriorityClass = settings.PriorityClass == 0 ? plan.QueuePriority ?? 0 : settings.PriorityClass;
        settings.QueueTimeout ??= plan.QueueTimeout;
        settings.ServerTimeout ??= plan.ServerTimeout;
    }

    /// <summary>Answers in place of a server.</summary>
    private ValueTask<Termination?> RefuseAsync(TierPolicy tiers, TierOutcome outcome)
    {
        var admission = _context.Admission;
        admission.Outcome = outcome;
        _retryAfter = !tiers.Options.TellsLimits ? 0 : outcome switch
        {
            TierOutcome.Refused when admission.RetryIn < long.MaxValue => (int)Math.Clamp(RateLimitFields.Seconds(admission.RetryIn), 1, int.MaxValue),
            TierOutcome.NoRoom or TierOutcome.SourceFailed => 1,
            _ => 0,
        };
        var rules = outcome switch
        {
            TierOutcome.Refused => tiers.WhenRefused,
            TierOutcome.NoKey or TierOutcome.UnknownTier => tiers.WhenUnknown,
            _ => null,
        };
        return rules is null ? new(EndByTier(tiers, outcome)) : AskRefusalAsync(tiers, rules, outcome);
    }

    private async ValueTask<Termination?> AskRefusalAsync(TierPolicy tiers, RuleList rules, TierOutcome outcome) =>
        await AskAsync(rules).ConfigureAwait(false) ?? EndByTier(tiers, outcome);

    private Termination EndByTier(TierPolicy tiers, TierOutcome outcome)
    {
        _context.Verdict = outcome == TierOutcome.Usage
            ? new RuleVerdict(VerdictKind.Reply, 200, new UsageReply(tiers.Group))
            : TierProblem.For(outcome);
        return EndOf(_context.Verdict);
    }

    /// <summary>Takes from the response what the request has cost.</summary>
    private void ChargeByResponse()
    {
        if (_policy.Tiers is { } tiers && _context.Admission.IsAdmitted)
        {
            _context.Admission.Charge = tiers.ChargeOf(_context);
        }
    }

    /// <summary>Tells the client of its limits, in place of what a server may have said of its own.</summary>
    private void TellLimits(ResponseHead response)
    {
        var admission = _context.Admission;
        if (_policy.Tiers is not { } tiers || admission is not { Plan: { } plan, Outcome: TierOutcome.Admitted or TierOutcome.Refused })
        {
            return;
        }

        if (tiers.Options.TellsLimits && plan.Policy.Length > 0)
        {
            Span<byte> state = stackalloc byte[RateLimitFields.MostLength];
            response.Headers.Set("RateLimit-Policy"u8, plan.Policy);
            response.Headers.Set("RateLimit"u8, state[..RateLimitFields.Write(admission, state)]);
        }

        if (tiers.WarningHeader is { } header && admission is { IsAdmitted: true, WarnedBy: { } window })
        {
            response.Headers.Set(header, window.QuotedName);
        }
    }

    /// <summary>Gives back what the exchange holds of its client's, and settles what it is charged.</summary>
    private void EndTier()
    {
        var admission = _context.Admission;
        if (admission.Client is null)
        {
            return; // it was not admitted
        }

        var tiers = _policy.Tiers!; // they have admitted it
        var units = admission.Charge ?? admission.Units;
        try
        {
            if (tiers.Options.ChargeAtEnd is { } charge)
            {
                units = TierUnits.Clamp(charge(UsageOf(admission, units)));
            }
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name); // a user's code
        }

        tiers.Group.Clients.End(admission, units);
        try
        {
            admission.EndLeases();
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name); // a user's limiter
        }
    }

    private TierUsage UsageOf(Admission admission, long units) => new(
        System.Text.Encoding.UTF8.GetString(admission.Key.Span),
        admission.Plan!.Name, // admitted
        units,
        _sentStatus != 0 ? _sentStatus : Math.Max(0, _replyStatus),
        _down.BytesReceived + _tunnelledFromClient,
        (_upstream?.BytesReceived ?? _bytesFromServer) + _tunnelledFromServer, // its place may be given back ahead of its connection
        _path.Time.GetElapsedTime(_startedAt));

    private void WatchWhileWaiting()
    {
        if (IsRequestOver)
        {
            _down.WatchForDeparture(this);
        }
    }
}
