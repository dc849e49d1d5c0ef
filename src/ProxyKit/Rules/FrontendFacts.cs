using System.Net;
using ProxyKit.Backends;
using ProxyKit.Rules.Captures;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.StickCounters;
using ProxyKit.Statistics;

namespace ProxyKit.Rules;

/// <summary>What expressions can tell of a frontend.</summary>
internal sealed class FrontendFacts
{
    public required string Name { get; init; }

    /// <summary>Its number among frontends and backends, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>The name of its default backend, if it has one.</summary>
    public required string? DefaultBackend { get; init; }

    /// <summary>The backend that it is one with, where the default backend has its name: rules of the two are about both. HAProxy: <c>listen</c>.</summary>
    public Backend? OwnBackend { get; init; }

    /// <summary>The address of its first bind, as it was written; null where that is a descriptor.</summary>
    public EndPoint? Address { get; init; }

    /// <summary>How many client connections it has now.</summary>
    public required Func<int> Connections { get; init; }

    /// <summary>What came to it, and how it went; outlives snapshots.</summary>
    public TrafficCounters Traffic { get; init; } = new(TimeProvider.System);

    public required TimeSpan? ClientTimeout { get; init; }

    public required TimeSpan? TarpitTimeout { get; init; }

    public TimeSpan? RequestHeadTimeout { get; init; }

    /// <summary>How responses are counted for what is tracked.</summary>
    public ResponseCounting Counting { get; init; } = ResponseCounting.Usual;

    /// <summary>Whether requests with a target for a proxy have their credentials where a proxy looks for them.</summary>
    public bool AuthenticatesAsProxy { get; init; }

    /// <summary>What is captured of its requests and responses, and the slots that its rules fill.</summary>
    public CapturePlan Captures { get; init; } = new();

    /// <summary>Whether it asks clients who they are.</summary>
    public bool Authenticates { get; init; }

    /// <summary>Whether it has a table of the scopes that requests need.</summary>
    public bool HasScopeTable { get; init; }

    /// <summary>How its exchanges are named; null where they are not. Set once, when the frontend's own rules are made ready.</summary>
    public UniqueId? UniqueId { get; set; }
}
