using ProxyKit.Conformance.HAProxy;
using ProxyKit.Statistics;

namespace ProxyKit.Conformance.Statistics;

/// <summary>A proxy whose counters are looked at: a frontend <c>f</c> with a bind of that name, a backend <c>web</c>, and servers <c>s1</c> and so on.</summary>
public abstract class StatisticsTest : ConfiguredTest
{
    protected FrontendStatistics F => Proxy.GetStatistics().Frontend("f");

    protected ListenerStatistics L => Assert.Single(Proxy.GetStatistics().Listeners);

    protected BackendStatistics B => Proxy.GetStatistics().Backend("web");

    protected ServerStatistics S => Proxy.GetStatistics().Server("web", "s1");

    protected ProcessStatistics P => Proxy.GetStatistics().Process;

    /// <summary>Starts the proxy.</summary>
    /// <param name="origin">Its server.</param>
    /// <param name="frontend">What else the frontend says.</param>
    /// <param name="backend">What else the backend says.</param>
    /// <param name="server">What else the server says.</param>
    protected Task StartAsync(WireOrigin origin, string frontend = "", string backend = "", string server = "") => StartAsync(
        $"""
        frontend f
            bind 127.0.0.1:8080 name in
            {frontend}
            default_backend web
        backend web
            {backend}
            server s1 {"{s1}"} {server}
        """,
        origin);

    /// <summary>Sends what it is given on a connection of its own, and waits until the proxy has closed that and counted what it was.</summary>
    protected async Task SendAsync(string text, bool closes = false)
    {
        await using var client = await ConnectAsync();
        await client.SendRawAsync(text);
        if (closes)
        {
            client.ShutdownSend();
        }

        await client.Wire.ReadToEndAsync();
    }

    /// <summary>Everything of an object that only grows or is of the moment, apart from rates and times, so that two of them can be compared.</summary>
    protected static Dictionary<string, object?> Counts<T>(T statistics) => typeof(T)
        .GetProperties()
        .Where(static p => p.PropertyType == typeof(long) || p.PropertyType == typeof(ResponseCounts))
        .ToDictionary(static p => p.Name, p => p.GetValue(statistics));

    /// <summary>The counts that have changed between two readings, apart from those of bytes: <c>Requests 1, Sessions 1</c>.</summary>
    protected static string Moved<T>(T before, T after)
    {
        var was = Counts(before);
        return string.Join(", ", Counts(after).OrderBy(static c => c.Key, StringComparer.Ordinal)
            .Where(c => !c.Key.StartsWith("Bytes", StringComparison.Ordinal) && !Equals(c.Value, was[c.Key]))
            .Select(c => c.Value is long count && was[c.Key] is long last ? $"{c.Key} {count - last}" : c.Key));
    }
}
