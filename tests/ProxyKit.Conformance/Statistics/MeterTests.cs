using System.Diagnostics.Metrics;
using ProxyKit.CircuitBreakers;
using ProxyKit.Statistics;

namespace ProxyKit.Conformance.Statistics;

/// <summary>The meter <c>ProxyKit</c>: MX-20 and CB-23.</summary>
public sealed class MeterTests : StatisticsTest
{
    private readonly OwnMeters _meters = new();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _meters.Dispose();
    }

    [Fact]
    public async Task Meter_tells_what_the_statistics_do() // MX-20
    {
        await StartMeteredAsync(Compose([OkOrigin()], f => f.OnRequest(r => r.Deny(403, Match.Path("/no")))));
        await GetAsync();
        await GetAsync("/no");
        await LoggedAsync(2);

        var read = Collect();
        var statistics = Proxy.GetStatistics();

        Assert.Equal(2, read["proxykit.frontend.requests proxy=public"]);
        Assert.Equal(1, read["proxykit.frontend.denied_requests proxy=public"]);
        Assert.Equal(1, read["proxykit.frontend.responses proxy=public code=2xx"]);
        Assert.Equal(1, read["proxykit.frontend.responses proxy=public code=4xx"]);
        Assert.Equal(0, read["proxykit.frontend.responses proxy=public code=5xx"]);
        Assert.Equal(1, read["proxykit.server.requests proxy=web server=s1"]);
        Assert.Equal(statistics.Backend("web").BytesOut, read["proxykit.backend.bytes_out proxy=web"]);
        Assert.Equal(statistics.Process.Requests, read["proxykit.process.requests"]);
        Assert.Equal(2, read["proxykit.listener.connections proxy=public listener=sock-1"]);
        Assert.DoesNotContain("proxykit.server.queue_limit proxy=web server=s1", read.Keys); // without a limit there is none to tell
    }

    [Fact]
    public async Task Meter_has_nothing_to_tell_of_a_proxy_that_has_stopped()
    {
        await StartMeteredAsync(Compose([OkOrigin()]));
        Assert.NotEmpty(Collect());

        await Proxy.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty(Collect());
    }

    [Fact]
    public async Task Circuits_tell_what_they_do_and_have_done() // CB-23
    {
        var (status, atTrial) = (500, default((double, double, double, double)));
        var origin = Origin(exchange =>
        {
            atTrial = status == 200 ? Circuit() : atTrial;
            return exchange.AnswerAsync($"HTTP/1.1 {status} X", "Content-Length: 0", "", "");
        });
        await StartMeteredAsync(Compose(
            [origin],
            backend: b => b.CircuitBreaker(c => c.PerBackend().MinimumThroughput(2).BreakFor(TimeSpan.FromSeconds(5)))));
        await GetAsync();
        await LoggedAsync();
        Assert.Equal((0, 0, 0, 0), Circuit());

        await GetAsync();
        await LoggedAsync(2);
        await GetAsync();
        await GetAsync();

        Assert.Equal((1, 1, 2, 0), Circuit());
        status = 200;
        Time.Advance(TimeSpan.FromSeconds(6));
        await GetAsync();
        await LoggedAsync(5);
        Assert.Equal((2, 1, 2, 0), atTrial);
        Assert.Equal((0, 1, 2, 1), Circuit());
        var breaker = Assert.Single(Proxy.GetCircuitBreakers("web"));
        Assert.Equal((1, 2, 1), (breaker.Opened, breaker.Rejected, breaker.Tried));
    }

    private (double State, double Opens, double Rejected, double Trials) Circuit()
    {
        var read = Collect();
        return (Of("state"), Of("opens"), Of("rejected"), Of("trials"));

        double Of(string name) => read[$"proxykit.circuit.{name} proxy=web circuit=web"];
    }

    private Task StartMeteredAsync(Action<ProxyBuilder> configure)
    {
        Meters = _meters;
        return StartAsync(configure);
    }

    /// <summary>All that the instruments say now, by name and tags.</summary>
    private Dictionary<string, double> Collect()
    {
        var read = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == _meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => read.Add(NameOf(instrument, tags), value));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => read.Add(NameOf(instrument, tags), value));
        listener.Start();
        listener.RecordObservableInstruments();
        return read;

        static string NameOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var tag in tags)
            {
                name += $" {tag.Key}={tag.Value}";
            }

            return name;
        }
    }

    /// <summary>Makes meters that this test's own listener knows from those of other tests.</summary>
    private sealed class OwnMeters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public void Dispose() => _made.ForEach(static meter => meter.Dispose());
    }
}
