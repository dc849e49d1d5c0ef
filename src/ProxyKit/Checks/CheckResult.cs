using System.Globalization;
using System.Text;

namespace ProxyKit.Checks;

/// <summary>What a check found.</summary>
/// <param name="Status">What came of it.</param>
/// <param name="Code">The status of the response, or the exit code of the program; 0 where there is none.</param>
/// <param name="Info">More about it, for people; null for nothing.</param>
public readonly record struct CheckResult(CheckStatus Status, int Code = 0, string? Info = null)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The server works.</summary>
    /// <param name="info">More about it, for people.</param>
    /// <returns>The result.</returns>
    public static CheckResult Passed(string? info = null) => new(CheckStatus.Layer7Passed, 0, info);

    /// <summary>The server works, and wants no new clients.</summary>
    /// <param name="info">More about it, for people.</param>
    /// <returns>The result.</returns>
    public static CheckResult PassedConditionally(string? info = null) => new(CheckStatus.Layer7PassedConditionally, 0, info);

    /// <summary>The server does not work.</summary>
    /// <param name="info">Why, for people.</param>
    /// <returns>The result.</returns>
    public static CheckResult Failed(string? info = null) => new(CheckStatus.Layer7Invalid, 0, info);

    /// <summary>As logs of HAProxy have it: <c>, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms</c>.</summary>
    internal string Describe()
    {
        var text = new StringBuilder(", reason: ").Append(CheckStatusText.ReasonOf(Status));
        if (CheckStatusText.HasCode(Status))
        {
            text.Append(CultureInfo.InvariantCulture, $", code: {Code}");
        }

        if (!string.IsNullOrEmpty(Info))
        {
            text.Append(", info: \"").Append(Info).Append('"');
        }

        if (Duration >= TimeSpan.Zero)
        {
            text.Append(CultureInfo.InvariantCulture, $", check duration: {(long)Duration.TotalMilliseconds}ms");
        }

        return text.ToString();
    }
}
