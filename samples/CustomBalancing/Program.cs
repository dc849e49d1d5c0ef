// Chooses servers with a class of its own (CheapestFirst.cs), and shows what it does when more and more requests come at once, and when a
// server fails.
using CustomBalancing;
using Gateway;
using ProxyKit;

var prices = new Dictionary<string, decimal> { ["small"] = 0.1m, ["medium"] = 0.5m, ["large"] = 2m };

var isSmallBroken = false;

await using var proxy = Proxy.Create(p => p
    .AddFrontend("models", f => f.Bind("127.0.0.1:0").DefaultBackend("models"))
    .AddBackend("models", b => b
        .Balance(new CheapestFirst(prices, room: 4))
        .AddServer("large", Model("large"))
        .AddServer("medium", Model("medium"))
        .AddServer("small", Model("small"))));
await proxy.StartAsync();

using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}") };
foreach (var atOnce in (int[])[1, 4, 6, 10, 12])
{
    var answers = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => client.GetStringAsync("/")));
    var shares = answers.CountBy(name => name).OrderBy(share => prices[share.Key]).Select(share => $"{share.Value} by {share.Key}");
    Console.WriteLine($"{atOnce,2} at once: {string.Join(", ", shares)}");
}

isSmallBroken = true;
var seen = new List<string>();
for (var i = 0; i < 6; i++)
{
    using var response = await client.GetAsync("/");
    seen.Add(response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : $"{(int)response.StatusCode}");
}

Console.WriteLine($"small broken: {string.Join(", ", seen)}");

foreach (var server in proxy.GetServers("models"))
{
    Console.WriteLine($"{server}: {server.TotalRequests} requests, {server.TotalRequests * prices[server.Name]:0.00} to pay");
}

await proxy.StopAsync();

// A server that thinks for a while and then says its name; or that it cannot.
string Model(string name) => SmallServer.StartHttp(async (_, response) =>
{
    await Task.Delay(TimeSpan.FromMilliseconds(300));
    await (isSmallBroken && name == "small"
        ? response.WriteAsync("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"u8.ToArray()).AsTask()
        : SmallServer.AnswerAsync(response, "text/plain", name));
});
