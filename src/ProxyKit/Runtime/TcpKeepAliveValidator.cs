using ProxyKit.Transport;

namespace ProxyKit.Runtime;

/// <summary>Finds what systems do not take of the settings about silent connections.</summary>
internal static class TcpKeepAliveValidator
{
    private const int MostSeconds = 32767, MostProbes = 127; // Linux has no more, and others no less

    public static void Validate(TcpKeepAliveOptions? options, FaultPath path)
    {
        if (options is null)
        {
            return;
        }

        Validate(nameof(options.Idle), options.Idle, path);
        Validate(nameof(options.Interval), options.Interval, path);
        path.CheckRange(nameof(options.Probes), options.Probes, 1, MostProbes);
    }

    private static void Validate(string property, TimeSpan? time, FaultPath path)
    {
        if (time is { } value && (value.Ticks % TimeSpan.TicksPerSecond != 0 || value.TotalSeconds is < 1 or > MostSeconds))
        {
            path.Add(property, $"{value} is not 1 to {MostSeconds} whole seconds");
        }
    }
}
