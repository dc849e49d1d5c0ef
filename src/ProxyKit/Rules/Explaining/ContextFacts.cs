using System.Globalization;
using System.Net;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;
using ProxyKit.StickTables;

namespace ProxyKit.Rules.Explaining;

/// <summary>What rules can change of an exchange, as it is at one moment, in words.</summary>
internal sealed class ContextFacts
{
    private readonly Dictionary<string, string> _facts = new(StringComparer.Ordinal);

    public ContextFacts(RuleContext context, VariableSlots variables)
    {
        FailedRewrites = context.FailedRewrites;
        AddRequest(context);
        AddSettings(context.Settings);
        Add("source", context.SourceEndPoint);
        Add("destination", context.DestinationEndPoint);
        foreach (var variable in Enum.GetValues<VariableScope>().SelectMany(variables.All))
        {
            var sample = default(Sample);
            if (variable.TryGet(context, ref sample))
            {
                _facts[$"variable {VariableName.ScopeName(variable.Scope)}.{variable.Name}"] = Shown.Value(in sample);
            }
        }

        for (var number = 0; number < TrackedCounters.Most; number++)
        {
            if (context.Counters.TryGet(number, out var table, out _) || context.Session.Counters.TryGet(number, out table, out _))
            {
                _facts[string.Create(CultureInfo.InvariantCulture, $"sc{number}")] = $"an entry of table {table.Name}";
            }
        }
    }

    public int FailedRewrites { get; }

    /// <summary>What is otherwise than it was.</summary>
    public IEnumerable<RuleEffect> Since(ContextFacts before)
    {
        foreach (var (what, value) in _facts)
        {
            if (!before._facts.TryGetValue(what, out var old) || old != value)
            {
                yield return new RuleEffect(what, value);
            }
        }

        foreach (var what in before._facts.Keys.Where(what => !_facts.ContainsKey(what)))
        {
            yield return new RuleEffect(what, null);
        }
    }

    private void AddRequest(RuleContext context)
    {
        if (context.Request is not { } request)
        {
            return;
        }

        _facts["method"] = Shown.Bytes(request.MethodBytes);
        _facts["target"] = Shown.Bytes(request.TargetBytes);
        foreach (var field in request.Headers.All())
        {
            var what = $"header {Shown.Text(field.Key.ToLowerInvariant())}";
            var value = Shown.Latin1(field.Value);
            _facts[what] = _facts.TryGetValue(what, out var others) ? $"{others}, {value}" : value;
        }
    }

    private void AddSettings(ExchangeSettings settings)
    {
        Add("timeout client", settings.ClientTimeout);
        Add("timeout connect", settings.ConnectTimeout);
        Add("timeout queue", settings.QueueTimeout);
        Add("timeout server", settings.ServerTimeout);
        Add("timeout tarpit", settings.TarpitTimeout);
        Add("timeout tunnel", settings.TunnelTimeout);
        Add("retries", settings.Retries);
        Add("log level", settings.LogLevel);
        Add("priority class", settings.PriorityClass == 0 ? null : settings.PriorityClass);
        Add("priority offset", settings.PriorityOffset == 0 ? null : settings.PriorityOffset);
        Add("retry", settings.ForbidsReplay ? "forbidden" : null);
    }

    private void Add(string what, TimeSpan? time) =>
        Add(what, time is { } given ? string.Create(CultureInfo.InvariantCulture, $"{given.TotalMilliseconds:0} ms") : null);

    private void Add(string what, EndPoint? endPoint) => Add(what, endPoint?.ToString());

    private void Add(string what, object? value)
    {
        if (value is not null)
        {
            _facts[what] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
    }
}
