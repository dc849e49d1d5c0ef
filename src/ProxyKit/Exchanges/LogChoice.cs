using Microsoft.Extensions.Logging;
using ProxyKit.Logging;

namespace ProxyKit.Exchanges;

/// <summary>Which lines the access log of a frontend has, when, and at which level.</summary>
/// <param name="FailuresOnly">Whether exchanges that went as they should have no line.</param>
/// <param name="RaisesFailures">Whether the lines of the others are errors.</param>
/// <param name="IsEarly">Whether a line is written as soon as the response begins, or the connection to the server is there.</param>
/// <param name="Steps">At which steps lines are written in the place of that; null where nothing is said.</param>
internal sealed record LogChoice(bool FailuresOnly, bool RaisesFailures, bool IsEarly, LogSteps? Steps)
{
    /// <summary>A line of each, at its end.</summary>
    public static LogChoice All { get; } = new(false, false, false, null);

    /// <summary>Whether the end is a step that has a line, or the one that has it.</summary>
    public bool HasEnd => Steps is not { } steps || (steps & LogSteps.Close) != 0;

    /// <summary>What the line of the end was written for, as <c>%OG</c> has it.</summary>
    public string OriginOfEnd => Steps is null ? "unspec" : "txn_close";

    /// <summary>Whether a step on the way has a line of its own.</summary>
    public bool Has(LogSteps step) => Steps is { } steps && (steps & step) != 0;

    /// <summary>The level of a record's line.</summary>
    /// <param name="record">The record.</param>
    /// <param name="said">What a rule has said; null where none has.</param>
    /// <returns>The level; <see cref="LogLevel.None"/> for no line.</returns>
    public LogLevel LevelOf(in ExchangeRecord record, LogLevel? said)
    {
        if (this is { FailuresOnly: false, RaisesFailures: false })
        {
            return said ?? LogLevel.Information;
        }

        var isFailure = IsFailure(in record);
        return FailuresOnly && !isFailure ? LogLevel.None : said ?? LevelOf(isFailure);
    }

    /// <summary>The level where no rule has a say.</summary>
    public LogLevel LevelOf(bool isFailure) => isFailure && RaisesFailures ? LogLevel.Error : LogLevel.Information;

    /// <summary>Whether something went wrong, the client's own errors apart: they are told by their statuses.</summary>
    private static bool IsFailure(in ExchangeRecord record) =>
        record.Redispatched
        || record.Cause is not ('-' or 'L')
        || (record.Cause == '-' && record.Retries > 0)
        || (record.IsHttp && record.Status >= 500);
}
