using System.Globalization;
using System.Text;
using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Relay;

/// <summary>Random exchanges against a model: what arrives on either side is what was sent, or a failure where one was made.</summary>
public abstract class RelayModelTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly int[] Lengths = [0, 1, 100, 5_000, 16_000, 17_000, 60_000, 200_000];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_exchanges_arrive_as_sent_or_fail_where_they_were_made_to(int seed)
    {
        var origin = Origin(AnswerAsPlannedAsync, early: true);
        await StartAsync(origin, frontend => frontend.ClientTimeout(null).KeepAliveTimeout(null), backend => backend
            .Reuse((ConnectionReuse)(seed % 4)).ServerTimeout(null));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => RunClientAsync(new Random((seed * 100) + i), exchanges: 25))));
    }

    private async Task RunClientAsync(Random random, int exchanges)
    {
        WireClient? client = null;
        for (var i = 0; i < exchanges; i++)
        {
            client ??= await ConnectAsync();
            var plan = Plan.Make(random);
            var isKept = await RunExchangeAsync(client, plan, random);
            if (!isKept)
            {
                await client.DisposeAsync();
                client = null;
            }
        }
    }

    /// <returns>Whether the connection can be used again.</returns>
    private static async Task<bool> RunExchangeAsync(WireClient client, Plan plan, Random random)
    {
        var request = plan.RequestBytes();
        if (plan.Failure == Failure.ClientLeaves)
        {
            await SendAsync(client.Wire, request.AsMemory(0, random.Next(request.Length)), random);
            client.Reset();
            return false;
        }

        var sending = SendAsync(client.Wire, request, random);
        try
        {
            var response = await client.ReadResponseAsync();
            await sending;
            if (plan.Failure == Failure.ServerLeavesBeforeHead)
            {
                Assert.Equal(502, response.Status);
                return response["Connection"] is null;
            }

            Assert.Equal(plan.Failure == Failure.None, response.Status == 200 && plan.Failure == Failure.None);
            Assert.True(plan.ResponseBody.AsSpan().SequenceEqual(response.Body), $"{plan}: the response's body");
            Assert.Equal(Sum(plan.RequestBody), response["X-Sum"]);
            return response["Connection"] is null;
        }
        catch (IOException) when (plan.Failure is Failure.ServerLeavesInBody or Failure.ServerLeavesBeforeHead)
        {
            return false;
        }
    }

    /// <summary>The server reads from the request what it is to do.</summary>
    private static async Task AnswerAsPlannedAsync(WireExchange exchange)
    {
        var plan = Plan.Parse(exchange.Request.Target);
        var random = new Random(plan.Seed);
        if (plan.Failure == Failure.ServerLeavesBeforeHead)
        {
            exchange.Close();
            return;
        }

        var body = await exchange.ReadBodyAsync();
        var response = plan.ResponseBytes(Sum(body));
        if (plan.Failure == Failure.ServerLeavesInBody)
        {
            await SendAsync(exchange.Wire, response.AsMemory(0, response.Length - 1), random);
            exchange.Close();
            return;
        }

        await SendAsync(exchange.Wire, response, random);
        if (plan.Framing == Framing.UntilClose)
        {
            exchange.Close();
        }
    }

    private static async Task SendAsync(Wire wire, ReadOnlyMemory<byte> bytes, Random random)
    {
        while (bytes.Length > 0)
        {
            var count = Math.Min(bytes.Length, random.Next(4) == 0 ? random.Next(1, 200) : random.Next(1, 100_000));
            try
            {
                await wire.SendAsync(bytes[..count]);
            }
            catch (IOException)
            {
                return; // the other side has broken off; what that means is seen where it is read
            }

            bytes = bytes[count..];
            if (random.Next(3) == 0)
            {
                await Task.Yield();
            }
        }
    }

    private static string Sum(byte[] bytes) => bytes.Aggregate(17u, (sum, b) => (sum * 31) + b).ToString(CultureInfo.InvariantCulture);

    private enum Failure
    {
        None,
        ClientLeaves,
        ServerLeavesBeforeHead,
        ServerLeavesInBody,
    }

    private enum Framing
    {
        Length,
        Chunked,
        UntilClose,
    }

    /// <summary>What both sides do in one exchange, all of it following from one number.</summary>
    private sealed record Plan(int Seed, Failure Failure, Framing RequestFraming, Framing Framing, byte[] RequestBody, byte[] ResponseBody)
    {
        public static Plan Make(Random random) => Parse($"/{random.Next()}");

        public static Plan Parse(string target)
        {
            var seed = int.Parse(target.AsSpan(1), CultureInfo.InvariantCulture);
            var random = new Random(seed);
            var failure = random.Next(8) == 0 ? (Failure)random.Next(1, 4) : Failure.None;
            var framing = (Framing)Math.Max(0, random.Next(9) - 6);
            if (failure == Failure.ServerLeavesInBody && framing == Framing.UntilClose)
            {
                framing = Framing.Chunked; // an early close would be its proper end
            }

            return new Plan(
                seed,
                failure,
                random.Next(2) == 0 ? Framing.Chunked : Framing.Length,
                framing,
                BodyTests.Bytes(Lengths[random.Next(Lengths.Length)]),
                BodyTests.Bytes(Lengths[random.Next(failure == Failure.ServerLeavesInBody ? 1 : 0, Lengths.Length)]));
        }

        public byte[] RequestBytes() =>
            Message($"{(RequestBody.Length == 0 ? "GET" : "PUT")} /{Seed} HTTP/1.1\r\nHost: a\r\n", RequestFraming, RequestBody);

        public byte[] ResponseBytes(string sum) => Message($"HTTP/1.1 200 OK\r\nX-Sum: {sum}\r\n", Framing, ResponseBody);

        public override string ToString() => $"/{Seed}: {Failure}, {RequestFraming} {RequestBody.Length}, {Framing} {ResponseBody.Length}";

        private byte[] Message(string start, Framing framing, byte[] body)
        {
            var random = new Random(Seed);
            var chunk = random.Next(3) == 0 ? random.Next(1, 50) + (body.Length / 100) : random.Next(1000, 70_000);
            return framing switch
            {
                Framing.Chunked => [.. Encoding.ASCII.GetBytes($"{start}Transfer-Encoding: chunked\r\n\r\n"), .. BodyTests.Chunked(body, chunk)],
                Framing.UntilClose => [.. Encoding.ASCII.GetBytes($"{start}\r\n"), .. body],
                _ => [.. Encoding.ASCII.GetBytes($"{start}Content-Length: {body.Length}\r\n\r\n"), .. body],
            };
        }
    }

    public sealed class OverSockets() : RelayModelTests(Carrier.Sockets);

    public sealed class InMemory() : RelayModelTests(Carrier.Memory);
}
