using System.Text.Json;

namespace ProxyKit.Conformance.Gateway;

/// <summary>A gateway with plans: a client says who it is and what its scope is in header fields, as if somebody had verified them.</summary>
public abstract class TierTest(Carrier carrier) : ProxyTest(carrier)
{
    protected List<WireOrigin> Origins { get; } = [];

    /// <summary>Bronze with 10 and gold with 1,000 requests a minute, besides what the test adds.</summary>
    protected Task StartTiersAsync(Action<TiersBuilder>? tiers = null, Action<FrontendBuilder>? frontend = null, string[]? answer = null) =>
        StartAsync(ComposeTiers(answer is null ? OkOrigin() : OriginAnswering(answer), tiers, frontend));

    protected Action<ProxyBuilder> ComposeTiers(WireOrigin origin, Action<TiersBuilder>? tiers = null, Action<FrontendBuilder>? frontend = null)
    {
        Origins.Add(origin);
        return Compose(
            [origin],
            f =>
            {
                f.UseTiers("plans");
                frontend?.Invoke(f);
            }) + (proxy => proxy.AddTiers("plans", t =>
            {
                t.CountBy(Value.Parse("req.hdr(x-client)"))
                    .TierBy(Value.Parse("req.fhdr(x-scope)"))
                    .AddTier("bronze", static b => b.Limit(10, TimeSpan.FromMinutes(1)).Quota(10_000, Tiers.QuotaPeriod.Month))
                    .AddTier("gold", static g => g.Limit(1000, TimeSpan.FromMinutes(1)));
                tiers?.Invoke(t);
            }));
    }

    protected async Task<WireMessage> AskAsync(string client, string scope, string? field = null, string target = "/")
    {
        await using var connection = await ConnectAsync();
        return await AskAsync(connection, client, scope, field, target);
    }

    protected static async Task<WireMessage> AskAsync(WireClient connection, string client, string scope, string? field = null, string target = "/")
    {
        ArgumentNullException.ThrowIfNull(connection);
        string[] fields = field is null ? [] : [field];
        await connection.SendAsync([$"GET {target} HTTP/1.1", "Host: a", $"X-Client: {client}", $"X-Scope: {scope}", .. fields, "", ""]);
        return await connection.ReadResponseAsync();
    }

    /// <summary>The statuses of requests one after the other.</summary>
    protected async Task<IEnumerable<int>> AskManyAsync(int count, string client, string scope)
    {
        await using var connection = await ConnectAsync();
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
        {
            statuses[i] = (await AskAsync(connection, client, scope)).Status;
        }

        return statuses;
    }

    /// <summary>An origin that answers all at once but requests for <c>/slow</c>.</summary>
    protected (WireOrigin Origin, Task Arrived, TaskCompletionSource Free) SlowOrigin()
    {
        TaskCompletionSource free = new(), arrived = new();
        var origin = Origin(async exchange =>
        {
            if (exchange.Request.Target == "/slow")
            {
                arrived.SetResult();
                await free.Task;
            }

            await exchange.AnswerOkAsync();
        });
        return (origin, arrived.Task.InTimeAsync(), free);
    }

    /// <summary>The window that a refusal names.</summary>
    protected static string? WindowOf(WireMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        using var problem = JsonDocument.Parse(response.Text);
        return problem.RootElement.GetProperty("window").GetString();
    }
}
