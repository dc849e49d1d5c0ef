using System.Globalization;

namespace ProxyKit.Conformance;

/// <summary>A line of the access log, taken apart.</summary>
public sealed class AccessLine
{
    private readonly string[] _fields;
    private readonly int[] _timers;

    public AccessLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Text = line;
        _fields = line.Split(' ');
        _timers = [.. _fields[4].Split('/').Select(static t => int.Parse(t, CultureInfo.InvariantCulture))];
    }

    public string Text { get; }

    public string Server => _fields[3];

    public int Status => int.Parse(_fields[5], CultureInfo.InvariantCulture);

    /// <summary>The two letters of how it ended.</summary>
    public string End => (IsHttp ? _fields[9] : _fields[6])[..2];

    /// <summary>What was under way - connections of process and frontend, requests of backend and server - and the retries.</summary>
    public string Counts => IsHttp ? _fields[10] : _fields[7];

    public string Retries => Counts.Split('/')[4];

    public long Bytes => long.Parse(IsHttp ? _fields[6] : _fields[5], CultureInfo.InvariantCulture);

    /// <summary>How long it took, in milliseconds of the test's clock.</summary>
    public int Duration => _timers[^1];

    /// <summary>How long the connection to the server took.</summary>
    public int Connect => _timers[IsHttp ? 2 : 1];

    /// <summary>How long the head of the response took to come.</summary>
    public int Response => IsHttp ? _timers[3] : throw new InvalidOperationException("There is no response in TCP mode.");

    /// <summary>How long it waited in queues.</summary>
    public int Queue => _timers[IsHttp ? 1 : 0];

    /// <summary>Its places in the queues of server and backend.</summary>
    public string Queues => IsHttp ? _fields[11] : _fields[8];

    public string Request => Text[(Text.IndexOf('"', StringComparison.Ordinal) + 1)..^1];

    private bool IsHttp => Text.EndsWith('"');

    public override string ToString() => Text;
}
