using System.Globalization;
using ProxyKit.Billing;
using ProxyKit.Metering;

namespace ProxyKit.Tool.CommandLines;

/// <summary>What <c>usage</c> is asked for.</summary>
internal sealed class UsageWords
{
    /// <summary>What is to be done: <c>report</c>, <c>events</c>, <c>invoice</c> or <c>close</c>.</summary>
    public string Task { get; private init; } = "";

    /// <summary>The directory of the journal; empty where a database is read.</summary>
    public string Journal { get; private set; } = "";

    /// <summary>How the database is reached that gateways bring their usage to; null where a journal is read.</summary>
    public string? Database { get; private set; }

    /// <summary>The database's schema; null for the usual.</summary>
    public string? Schema { get; private set; }

    /// <summary>The file of plans and subscriptions.</summary>
    public string? Prices { get; private set; }

    /// <summary>The month that an invoice is for, or that is closed.</summary>
    public BillingPeriod? Month { get; private set; }

    /// <summary>From which day on a report or a list goes; null for the beginning.</summary>
    public DateOnly? From { get; private set; }

    /// <summary>Before which day it ends; null for the end.</summary>
    public DateOnly? Until { get; private set; }

    /// <summary>Of one client; null for all.</summary>
    public string? Client { get; private set; }

    /// <summary>Whose days are meant.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Over how long the rows of a report go.</summary>
    public UsageResolution By { get; private set; } = UsageResolution.All;

    /// <summary>Whether the answer is JSON.</summary>
    public bool WritesJson { get; private set; }

    /// <summary>Whether the answer is CSV.</summary>
    public bool WritesCsv { get; private set; }

    /// <summary>The number of the first invoice, the next ones having those behind it; null for none.</summary>
    public string? Number { get; private set; }

    /// <summary>Whether what cannot be read of a damaged journal is left out, rather than an invoice or a closing refused.</summary>
    public bool AcceptsDamage { get; private set; }

    /// <summary>Reads the words behind <c>usage</c>.</summary>
    /// <exception cref="CommandLineException">They cannot be understood.</exception>
    public static UsageWords Parse(ReadOnlySpan<string> words)
    {
        if (words.IsEmpty || words[0] is not ("report" or "events" or "invoice" or "close"))
        {
            throw new CommandLineException("'usage' expects 'report', 'events', 'invoice' or 'close'.");
        }

        var usage = new UsageWords { Task = words[0] };
        var said = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 1; i < words.Length; i++)
        {
            if (!words[i].StartsWith('-'))
            {
                usage.Journal = usage.Journal.Length == 0 ? words[i] : throw new CommandLineException($"'usage' reads one journal; '{words[i]}' is one too many.");
            }
            else if (words[i] is "--json" or "--csv")
            {
                (usage.WritesJson, usage.WritesCsv) = (usage.WritesJson || words[i] == "--json", usage.WritesCsv || words[i] == "--csv");
            }
            else if (words[i] == "--accept-damage")
            {
                usage.AcceptsDamage = true;
            }
            else if (!said.Add(words[i]))
            {
                throw new CommandLineException($"'{words[i]}' is there twice.");
            }
            else
            {
                usage.Take(words[i], i + 1 < words.Length ? words[++i] : throw new CommandLineException($"'{words[i]}' expects a value."));
            }
        }

        return usage.Journal.Length == 0 && usage.Database is null ? throw new CommandLineException("'usage' expects the directory of a journal, or '--postgres <connection>'.")
            : usage.Journal.Length > 0 && usage.Database is not null ? throw new CommandLineException("'usage' reads a journal or a database, not both.")
            : usage.Schema is not null && usage.Database is null ? throw new CommandLineException("'--schema' expects '--postgres' beside it.")
            : usage.WritesJson && usage.WritesCsv ? throw new CommandLineException("'--json' and '--csv' are two forms: one of them.")
            : usage.Month is not null && (usage.From ?? usage.Until) is not null ? throw new CommandLineException("'--month' says which days already: without '--from' and '--until'.")
            : usage.Task is "report" or "events" && usage.Zone != TimeZoneInfo.Utc && (usage.Month?.From ?? usage.From ?? usage.Until) is null
                ? throw new CommandLineException("'--zone' says whose days are meant: it expects '--month', '--from' or '--until' beside it.")
            : usage.From >= usage.Until ? throw new CommandLineException(string.Create(
                CultureInfo.InvariantCulture, $"'--until': {usage.Until:yyyy-MM-dd} is not behind '--from', {usage.From:yyyy-MM-dd}."))
            : usage.Task is not ("report" or "events") && usage.Month is null ? throw new CommandLineException($"'usage {usage.Task}' expects '--month <yyyy-mm>'.")
            : usage.Task == "invoice" && usage.Prices is null ? throw new CommandLineException("'usage invoice' expects '--prices <file>'.")
            : usage;
    }

    /// <summary>Which usage a report or a list is asked for.</summary>
    /// <exception cref="FormatException">The zone's days begin within an hour.</exception>
    public UsageQuery ToQuery()
    {
        var (from, until) = (Month?.From ?? From, Month?.Until ?? Until);
        return new UsageQuery
        {
            From = from is { } first ? StartOf(first) : null,
            Until = until is { } last ? StartOf(last) : null,
            Client = Client,
            Resolution = By,
        };
    }

    /// <summary>When a day begins.</summary>
    /// <exception cref="FormatException">That is within an hour.</exception>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var start = new BillingPeriod(day, day).StartIn(Zone);
        return start.Ticks % TimeSpan.TicksPerHour == 0 ? start
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"'--zone': {day:yyyy-MM-dd} begins at {start:HH:mm} UTC there, and usage is kept by the hour of UTC."));
    }

    private void Take(string flag, string value)
    {
        switch (flag)
        {
            case "--postgres":
                Database = value;
                break;
            case "--schema":
                Schema = value;
                break;
            case "--prices" when Task == "invoice":
                Prices = value;
                break;
            case "--number" when Task == "invoice":
                Number = value.Length > 0 && char.IsAsciiDigit(value[^1]) ? value
                    : throw new CommandLineException($"'--number' expects what ends in a digit, to be counted on; got '{value}'.");
                break;
            case "--month":
                Month = BillingPeriod.TryParseMonth(value, out var month) ? month : throw new CommandLineException($"'--month' expects a month, as in 2026-11; got '{value}'.");
                break;
            case "--from" when Task is "report" or "events":
                From = Day(flag, value);
                break;
            case "--until" when Task is "report" or "events":
                Until = Day(flag, value);
                break;
            case "--client" when Task != "close":
                Client = value;
                break;
            case "--by" when Task == "report":
                By = value switch
                {
                    "hour" => UsageResolution.Hour,
                    "day" => UsageResolution.Day,
                    "month" => UsageResolution.Month,
                    _ => throw new CommandLineException($"'--by' expects hour, day or month; got '{value}'."),
                };
                break;
            case "--zone":
                Zone = TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) ? zone : throw new CommandLineException($"'--zone': there is no time zone '{value}'.");
                break;
            default:
                throw new CommandLineException($"'usage {Task}' has no flag '{flag}'.");
        }
    }

    private static DateOnly Day(string flag, string value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new CommandLineException($"'{flag}' expects a day, as in 2026-11-01; got '{value}'.");
}
