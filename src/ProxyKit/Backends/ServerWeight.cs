using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProxyKit.Backends;

/// <summary>Changes the weight of a server while the proxy runs, as agents and those who run it ask for it: <c>30</c>, or <c>50%</c> of what is
/// configured.</summary>
internal static class ServerWeight
{
    private const int Most = 256;

    /// <summary>Sets the weight, unless it is none or the backend's algorithm cannot follow it.</summary>
    /// <param name="backend">The server's backend.</param>
    /// <param name="server">The server.</param>
    /// <param name="text">The weight.</param>
    /// <param name="fault">Why it was not set, in HAProxy's words.</param>
    public static bool TrySet(Backend backend, Server server, string text, [NotNullWhen(false)] out string? fault)
    {
        if (!TryRead(text, server.ConfiguredWeight, out var weight, out fault))
        {
            return false;
        }

        if (!backend.FollowsWeights && weight != 0 && weight != server.ConfiguredWeight)
        {
            fault = "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.";
            return false;
        }

        server.State.SetWeight(weight == server.ConfiguredWeight ? null : weight);
        return true;
    }

    private static bool TryRead(string text, int configured, out int weight, [NotNullWhen(false)] out string? fault)
    {
        var isRelative = text.EndsWith('%');
        weight = 0;
        fault = null;
        if (text.Length == 0)
        {
            fault = "Require <weight> or <weight%>.";
        }
        else if (!int.TryParse(isRelative ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            fault = "Trailing garbage in weight string.";
        }
        else if (isRelative && number < 0)
        {
            fault = "Relative weight must be positive.";
        }
        else if (!isRelative && number is < 0 or > Most)
        {
            fault = "Absolute weight can only be between 0 and 256 inclusive.";
        }
        else
        {
            weight = isRelative ? (int)Math.Min(Most, (long)configured * number / 100) : number;
        }

        return fault is null;
    }
}
