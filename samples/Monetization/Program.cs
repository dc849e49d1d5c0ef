// An API whose plans are sold: tokens say who a client is and which plan it has, the plan says how much it may have, each request is written down,
// and invoices come of that. Three customers spend what they have; with --serve the gateway stays and waits for yours.
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Gateway;
using Monetization;
using ProxyKit;
using ProxyKit.Billing;
using ProxyKit.Metering;
using ProxyKit.Tiers;

var serves = args.Contains("--serve");
var journal = Directory.CreateTempSubdirectory("proxykit-monetization-").FullName;
using var issuer = new Issuer();
var weather = SmallServer.StartHttp(static (request, response) => SmallServer.AnswerAsync(response, "text/plain", $"sunny at {request.Target}"));

await using var proxy = Proxy.Create(p => p
    .AddFrontend("public", frontend => frontend
        .Bind(serves ? "127.0.0.1:8080" : "127.0.0.1:0")
        .Authenticate(
            jwt => jwt.Issuer(Issuer.Name).Audience(Issuer.Audience).Jwks($"http://{issuer.Address}/auth/keys").Configure(static o => o.AllowsHttp = true),
            unless: Match.Path("/auth/*"))
        .UseTiers("plans", unless: Match.Path("/auth/*"))
        .UsageEndpoint("/usage")
        .Route(Match.Path("/auth/*"), to: "issuer")
        .DefaultBackend("weather"))
    .AddTiers("plans", tiers => tiers
        .CountBy(Value.Claim("sub"))
        .TierBy(Value.Claim("scope"))
        .AddTier("bronze", static t => t.Limit(10, TimeSpan.FromMinutes(1)).Quota(1_000, QuotaPeriod.Month))
        .AddTier("silver", static t => t.Limit(50, TimeSpan.FromMinutes(1)).Quota(10_000, QuotaPeriod.Month))
        .AddTier("gold", static t => t.Limit(500, TimeSpan.FromMinutes(1)).Concurrency(20))
        .Cost(5, Match.Path("/forecast/*")))
    .AddMetering(metering => metering
        .Journal(journal)
        .CountBy(Value.Claim("sub"))
        .TierBy(Value.Parse("tier"))
        .Meter("units", Value.Parse("tier_units")))
    .AddBackend("issuer", backend => backend.AddServer("issuer", issuer.Address))
    .AddBackend("weather", backend => backend.AddServer("weather", weather)));
await proxy.StartAsync();

using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}") };
if (serves)
{
    Console.WriteLine($"""
        TOKEN=$(curl -s '{client.BaseAddress}auth/token?client=me&scope=bronze')
        curl -i -H "Authorization: Bearer $TOKEN" {client.BaseAddress}today/berlin       # one unit
        curl -i -H "Authorization: Bearer $TOKEN" {client.BaseAddress}forecast/berlin    # five
        curl -s -H "Authorization: Bearer $TOKEN" {client.BaseAddress}usage
        curl -i {client.BaseAddress}today/berlin                                         # nobody: 401

        Ctrl+C ends it, with your invoice.
        """);
    using var end = new SemaphoreSlim(0);
    Console.CancelKeyPress += (_, e) => e.Cancel = end.Release() == 0;
    await end.WaitAsync();
    await BillAsync("me", Plan("bronze", 0m, 0.50m));
    return;
}

Console.WriteLine($"Nobody: {await GetAsync(null, "/today/berlin")}");
await SpendAsync("acme", "read:weather bronze", today: 8, forecasts: 1);
await SpendAsync("globex", "silver", today: 30, forecasts: 3);
await SpendAsync("initech", "gold", today: 100, forecasts: 20);
await SpendAsync("hooli", "platinum", today: 1, forecasts: 0);

await BillAsync("acme", Plan("bronze", 0m, 0.50m));
await BillAsync("globex", Plan("silver", 20m, 0.40m));
await BillAsync("initech", Plan("gold", 100m, 0.20m));
await proxy.StopAsync();

// So much a month, and so much for each hundred units.
static PricePlan Plan(string name, decimal fee, decimal price) => new()
{
    Name = name,
    FlatFee = fee,
    Prices = { new MeterPrice { Meter = "units", UnitPrice = price, PerUnits = 100 } },
};

async Task SpendAsync(string name, string scope, int today, int forecasts)
{
    var token = await client.GetStringAsync(new Uri($"/auth/token?client={name}&scope={Uri.EscapeDataString(scope)}", UriKind.Relative));
    var paths = Enumerable.Repeat("/today/berlin", today).Concat(Enumerable.Repeat("/forecast/berlin", forecasts));
    var answers = new List<string>();
    foreach (var path in paths)
    {
        answers.Add(await GetAsync(token, path));
    }

    Console.WriteLine($"{name} ({scope}): {string.Join(", ", answers.CountBy(static a => a).Select(static a => $"{a.Value} x {a.Key}"))}");
    Console.WriteLine($"  {await GetAsync(token, "/usage", showsBody: true)}");
}

async Task<string> GetAsync(string? token, string path, bool showsBody = false)
{
    using var request = new HttpRequestMessage(HttpMethod.Get, path);
    request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    using var response = await client.SendAsync(request);
    var text = await response.Content.ReadAsStringAsync();
    return showsBody ? text : response.StatusCode == HttpStatusCode.TooManyRequests ? $"429, again in {response.Headers.RetryAfter?.Delta:%s} s" : $"{(int)response.StatusCode}";
}

async Task BillAsync(string name, PricePlan plan)
{
    var now = DateTime.UtcNow;
    var invoice = await new Invoicer().CreateAsync(proxy.Usage!, new Subscription(name, plan), BillingPeriod.Month(now.Year, now.Month));
    Console.WriteLine($"{invoice.Client}, {invoice.Plan}, {invoice.Period}, as far as it has gone");
    foreach (var line in invoice.Lines)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {line.Description,-50} {line.Amount,10:0.00}"));
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"total " + invoice.Currency,-50} {invoice.Total,10:0.00}"));
}
