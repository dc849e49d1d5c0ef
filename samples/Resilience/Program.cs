// Servers that fail on purpose, and what the proxy makes of it: retries that hide a failure, a circuit breaker that leaves a failing server alone,
// a queue in front of a busy one, requests that go to a second server when the first is slow, and what clients get when nothing is left.
using System.Net;
using Gateway;
using Polly;
using Polly.Fallback;
using Polly.Timeout;
using ProxyKit;
using ProxyKit.Backends;
using ProxyKit.Resilience;

var mood = new Dictionary<string, string> { ["s1"] = "well", ["s2"] = "well" };

await using var proxy = Proxy.Create(p => p
    .AddFrontend("public", f => f
        .Bind("127.0.0.1:0")
        .Route(Match.Path("/report"), to: "report")
        .Route(Match.Path("/search"), to: "search")
        .DefaultBackend("web"))
    .AddBackend("web", b => b
        .RetryOn(RetryCauses.ConnectFailure | RetryCauses.EmptyResponse | RetryCauses.JunkResponse, 503)
        .RetryBudget(0.2, floor: 10)
        .CircuitBreaker(breaker => breaker
            .MinimumThroughput(5)
            .FailureRatio(0.5)
            .BreakFor(TimeSpan.FromSeconds(1))
            .Trials(2)
            .OnTransition(t => Console.WriteLine($"    circuit of {t.Circuit}: {t.From} -> {t.To}")))
        .AddServer("s1", Start("s1"))
        .AddServer("s2", Start("s2")))
    .AddBackend("search", b => b
        .Hedge(hedge => hedge.After(TimeSpan.FromMilliseconds(50)))
        .Resilience(pipeline => pipeline
            .AddFallback(new FallbackStrategyOptions<UpstreamResult>
            {
                ShouldHandle = new PredicateBuilder<UpstreamResult>().Handle<TimeoutRejectedException>(),
                FallbackAction = _ => Outcome.FromResultAsValueTask(UpstreamResult.AnswerWith(Reply.Text("the fallback", "text/plain"))),
            })
            .AddTimeout(TimeSpan.FromSeconds(1)))
        .AddServer("q1", Start("q1"))
        .AddServer("q2", Start("q2")))
    .AddBackend("report", b => b
        .QueueTimeout(TimeSpan.FromSeconds(1))
        .AddServer("r1", Start("r1", TimeSpan.FromMilliseconds(300)), s => s.MaxConnections(2))));
await proxy.StartAsync();

using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}") };

await ShowAsync("Both servers are well", 20);

mood["s1"] = "busy";
await ShowAsync("s1 answers 503: its requests go to s2, then its circuit opens", 40);

mood["s1"] = "well";
await Task.Delay(TimeSpan.FromSeconds(1.2));
await ShowAsync("s1 is well again: two trials, and the circuit closes", 20);

mood["s1"] = mood["s2"] = "busy";
await ShowAsync("Both are busy: once both circuits are open no server is asked any more", 40);

Console.WriteLine("A server that does two reports at a time, 300 ms each, and twelve clients at once; who waits longer than a second is turned away");
var reports = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => GetAsync("/report")));
Print(reports);

mood["q1"] = "slow";
Console.WriteLine("q1 takes two seconds: after 50 ms its requests go to q2 too, whose answers come first");
Print([await GetAsync("/search"), await GetAsync("/search"), await GetAsync("/search"), await GetAsync("/search")]);

mood["q2"] = "slow";
Console.WriteLine("Both take two seconds, and a strategy of Polly's cuts what takes longer than one; another has an answer");
Print([await GetAsync("/search")]);

await proxy.StopAsync();

async Task ShowAsync(string title, int count)
{
    Console.WriteLine(title);
    var answers = new List<string>();
    for (var i = 0; i < count; i++)
    {
        answers.Add(await GetAsync("/"));
    }

    Print(answers);
}

async Task<string> GetAsync(string path)
{
    using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
    var retry = response.Headers.RetryAfter?.Delta is { } after ? $", come back in {after.TotalSeconds:0} s" : "";
    return response.StatusCode == HttpStatusCode.OK ? $"200 by {await response.Content.ReadAsStringAsync()}" : $"{(int)response.StatusCode}{retry}";
}

static void Print(IEnumerable<string> answers)
{
    foreach (var (answer, count) in answers.CountBy(a => a).OrderByDescending(a => a.Value))
    {
        Console.WriteLine($"  {count,3} x {answer}");
    }
}

// A server that does as its mood says, after a while.
string Start(string name, TimeSpan delay = default) => SmallServer.StartHttp(async (_, response) =>
{
    await Task.Delay(mood.GetValueOrDefault(name) == "slow" ? TimeSpan.FromSeconds(2) : delay);
    var status = mood.GetValueOrDefault(name) == "busy" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
    await SmallServer.AnswerAsync(response, "text/plain", name, status);
});
