namespace ProxyKit.Conformance.HAProxy.Health;

/// <summary>A backend whose servers are checked, what these answer, and how many lines of the log tell what came of it. It runs on ProxyKit and on HAProxy,
/// and both must have asked the servers the same and logged the same.</summary>
/// <remarks>In the configuration <c>{s1}</c>, <c>{s2}</c> and <c>{a1}</c> are the addresses of servers, <c>{a1p}</c> is the port of the last one, and <c>{dead}</c> is
/// an address that refuses connections.</remarks>
public sealed class HealthCase
{
    private HealthCase(string name, string[] lines)
    {
        Name = name;
        Lines = lines;
    }

    /// <summary>What it shows.</summary>
    public string Name { get; }

    /// <summary>The lines of the backend.</summary>
    internal string[] Lines { get; }

    /// <summary>How many lines of the log belong to it.</summary>
    internal int Logged { get; private set; } = 1;

    /// <summary>How many requests clients send, one after the other, each once the proxy has answered the one before.</summary>
    internal int Requests { get; private set; }

    internal int LinesBeforeRequests { get; private set; }

    internal bool IsLimitedByInterval { get; private set; }

    /// <summary>What each server does with its connections, one after the other; the last one again and again.</summary>
    internal Dictionary<string, string[]> Scripts { get; } = [];

    /// <summary>The server that has to have received something before the transcript is made; null where a line of the log tells so.</summary>
    internal string? Hearing { get; private set; }

    /// <summary>What has to be in the transcript.</summary>
    internal string[] Expected { get; private set; } = [];

    /// <summary>Why it does not run on Debian's HAProxy; null where it does.</summary>
    internal string? NewerThanDebian { get; private set; }

    /// <summary>A case of a backend <c>b</c> with these lines.</summary>
    public static HealthCase Of(string name, params string[] lines) => new(name, lines);

    /// <summary>What a server does: parts between <c>||</c> are sent one after each thing that it receives, or at once behind <c>&gt;</c>; <c>-</c> closes
    /// without a word, and <c>~</c> keeps silent.</summary>
    public HealthCase Server(string name, params string[] connections)
    {
        Scripts[name] = connections;
        return this;
    }

    /// <summary>Clients ask so many times, once so many lines were logged.</summary>
    public HealthCase Asked(int requests, int afterLines = 0)
    {
        (Requests, LinesBeforeRequests) = (requests, afterLines);
        return this;
    }

    /// <summary>Checks have no limit but their interval.</summary>
    public HealthCase LimitedByInterval()
    {
        IsLimitedByInterval = true;
        return this;
    }

    /// <summary>A server receives something that nobody waits for: it may arrive after the log has told of the check.</summary>
    public HealthCase Hears(string server)
    {
        Hearing = server;
        return this;
    }

    /// <summary>So many lines are logged, and these words are among them.</summary>
    public HealthCase Logs(int lines, params string[] expected)
    {
        Logged = lines;
        Expected = expected;
        return this;
    }

    /// <summary>What it needs is newer than Debian's HAProxy (2.6), or said in other words there.</summary>
    public HealthCase Newer(string reason)
    {
        NewerThanDebian = reason;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
