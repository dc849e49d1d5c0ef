using ProxyKit.Backends;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.CircuitBreakers;

/// <summary>Says when a backend's failing servers, or the backend itself, are left alone for a time.</summary>
public sealed class CircuitBreakerOptions
{
    /// <summary>What it watches over.</summary>
    /// <value><see cref="CircuitScope.Server"/> by default.</value>
    public CircuitScope Scope { get; set; }

    /// <summary>What tells requests apart, each value having a circuit of its own, so that what fails for one host and path does not close the rest.
    /// Needs <see cref="CircuitScope.Backend"/>; a request without a value passes.</summary>
    /// <value>Null by default: one circuit for all.</value>
    public Expression? Key { get; set; }

    /// <summary>How many keys have a circuit at a time; the one unused for longest makes room for another. Those opened by
    /// hand stay, even where that makes them more.</summary>
    /// <value>1,000 by default; 1 to 1,000,000.</value>
    public int MaxKeys { get; set; } = 1000;

    /// <summary>The part of failures at which it opens.</summary>
    /// <value>0.5 by default; above 0, up to 1.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many calls there must have been within <see cref="SamplingDuration"/> before they are judged.</summary>
    /// <value>20 by default; 2 or more.</value>
    public int MinimumThroughput { get; set; } = 20;

    /// <summary>The time whose calls are judged.</summary>
    /// <value>10 seconds by default; half a second to a day.</value>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it stays open.</summary>
    /// <value>5 seconds by default; half a second to a day.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it stays open after so many openings in a row, from 1 on, where that is not always the same. Asked under a lock: it must be
    /// quick. What lies outside half a second to a day is brought inside.</summary>
    /// <value>Null by default: <see cref="BreakDuration"/>.</value>
    public Func<int, TimeSpan>? BreakDurationFor { get; set; }

    /// <summary>How many calls are let pass once the time is over, and must all go well for it to close. One that fails opens it again.</summary>
    /// <value>1 by default; 1 to 1,000.</value>
    public int Trials { get; set; } = 1;

    /// <summary>A call that takes longer until its response begins counts as a failure.</summary>
    /// <value>Null by default: time alone is no failure.</value>
    public TimeSpan? SlowAfter { get; set; }

    /// <summary>Which statuses of responses are failures.</summary>
    /// <value>Null by default: 500 to 599 without 501 and 505, as in HAProxy's <c>http-fail-codes</c>.</value>
    public Func<int, bool>? FailureStatus { get; set; }

    /// <summary>Decides by itself whether a call was a failure, in place of <see cref="SlowAfter"/>, <see cref="FailureStatus"/> and the failures to
    /// connect or to respond. Many threads at once; what it throws counts as a failure.</summary>
    /// <value>Null by default.</value>
    public FailureTest? IsFailure { get; set; }

    /// <summary>What a request gets while the circuit is open: an action that ends it, such as <see cref="RuleActions.Return"/>.</summary>
    /// <value>Null by default: a 503 with a JSON body and <c>Retry-After</c>. So is what a request gets that the action lets go on, or pass.</value>
    public RuleAction? WhenOpen { get; set; }

    /// <summary>The backend that serves requests while the circuit is open. Where its own is open too, and falls back to others, four are asked; then, and where
    /// it is disabled, a request gets <see cref="WhenOpen"/>. Needs <see cref="CircuitScope.Backend"/>.</summary>
    /// <value>Null by default.</value>
    public string? FallbackBackend { get; set; }

    /// <summary>Is told when it opens, closes, or tries. On the thread of whoever caused that, with no lock held; what it throws is logged.</summary>
    public Action<CircuitTransition>? OnTransition { get; set; }
}

/// <summary>Decides whether a call was a failure.</summary>
/// <param name="report">How it went.</param>
/// <returns>Whether it was one.</returns>
public delegate bool FailureTest(in AttemptReport report);
