using System.Diagnostics.Metrics;

namespace ProxyKit.Statistics;

/// <summary>The instruments of one kind of object: each reads all such objects when it is asked, and costs nothing until then.</summary>
/// <param name="meter">Publishes them.</param>
/// <param name="prefix">What their names begin with.</param>
/// <param name="all">Reads the objects.</param>
/// <param name="tags">What tells the objects apart.</param>
internal sealed class MeterGroup<T>(Meter meter, string prefix, Func<IEnumerable<T>> all, Func<T, KeyValuePair<string, object?>[]> tags)
{
    /// <summary>What only grows.</summary>
    public MeterGroup<T> Counter(string name, string unit, string what, Func<T, long> value)
    {
        meter.CreateObservableCounter(prefix + name, () => all().Select(one => new Measurement<long>(value(one), tags(one))), unit, what);
        return this;
    }

    /// <summary>What is as it is at the moment; nothing where it is not known.</summary>
    public MeterGroup<T> Gauge(string name, string unit, string what, Func<T, long?> value)
    {
        meter.CreateObservableGauge(
            prefix + name,
            () => all().Where(one => value(one) is not null).Select(one => new Measurement<long>(value(one) ?? 0, tags(one))),
            unit,
            what);
        return this;
    }

    /// <summary>A time of the moment, in seconds; nothing where it is not known.</summary>
    public MeterGroup<T> Time(string name, string what, Func<T, TimeSpan?> value)
    {
        meter.CreateObservableGauge(
            prefix + name,
            () => all().Where(one => value(one) is not null).Select(one => new Measurement<double>(value(one)?.TotalSeconds ?? 0, tags(one))),
            "s",
            what);
        return this;
    }

    /// <summary>A time that only grows, in seconds.</summary>
    public MeterGroup<T> TimeCounter(string name, string what, Func<T, TimeSpan> value)
    {
        meter.CreateObservableCounter(
            prefix + name, () => all().Select(one => new Measurement<double>(value(one).TotalSeconds, tags(one))), "s", what);
        return this;
    }

    /// <summary>Responses, told apart by a tag for their class.</summary>
    public MeterGroup<T> Responses(Func<T, ResponseCounts> value)
    {
        meter.CreateObservableCounter(prefix + "responses", () => all().SelectMany(Classes), "{response}", "Responses, by the class of their status.");
        return this;

        IEnumerable<Measurement<long>> Classes(T one)
        {
            var counts = value(one);
            yield return Of(counts.Informational, "1xx");
            yield return Of(counts.Successful, "2xx");
            yield return Of(counts.Redirections, "3xx");
            yield return Of(counts.ClientErrors, "4xx");
            yield return Of(counts.ServerErrors, "5xx");
            yield return Of(counts.Other, "other");

            Measurement<long> Of(long count, string code) => new(count, [.. tags(one), new("code", code)]);
        }
    }

    /// <summary>How long requests took.</summary>
    public MeterGroup<T> Times(Func<T, TimeStatistics> value) => this
        .Time("queue_time", "The mean wait for a slot, of the last 1024 requests.", one => value(one).Queue)
        .Time("connect_time", "The mean time to connect, of the last 1024 requests.", one => value(one).Connect)
        .Time("response_time", "The mean time to the head of a response, of the last 1024 requests.", one => value(one).Response)
        .Time("total_time", "The mean time of a request in all, of the last 1024.", one => value(one).Total)
        .Time("max_queue_time", "The longest wait for a slot.", one => value(one).MaxQueue)
        .Time("max_connect_time", "The longest time to connect.", one => value(one).MaxConnect)
        .Time("max_response_time", "The longest time to the head of a response.", one => value(one).MaxResponse)
        .Time("max_total_time", "The longest time of a request in all.", one => value(one).MaxTotal);
}
