using System.Buffers.Binary;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering;

/// <summary>The route of an event, which stands behind all that the first version of the format had.</summary>
public sealed class UsageRouteTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("GET /api/*")]
    [InlineData("größe")]
    public async Task Event_keeps_its_route(string route)
    {
        var usage = JournalFolder.Event("1", meters: [new("tokens", 7), new("pages", -1)]) with { Frontend = "public", Backend = "web", Route = route };
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(usage, TestContext.Current.CancellationToken);
        }

        var kept = Assert.Single(UsageJournal.ReadEvents(_folder.Root));
        Assert.Equal(usage with { Meters = [] }, kept with { Meters = [] });
        Assert.Equal(usage.Meters, kept.Meters);
    }

    [Fact]
    public async Task Events_of_a_client_add_up_whatever_their_routes()
    {
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(JournalFolder.Event("1") with { Route = "GET /a" }, TestContext.Current.CancellationToken);
            await journal.AppendAsync(JournalFolder.Event("2") with { Route = "GET /b" }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, Assert.Single(_folder.Totals(), static t => t.Meter == UsageMeters.Requests).Quantity);
    }

    [Fact]
    public void Longest_names_have_room()
    {
        var name = new string('n', UsageText.MaxBytes);
        var usage = JournalFolder.Event("1", name, name, null, [.. Enumerable.Range(0, UsageRecord.MaxMeters).Select(i => new MeterValue($"{i}{name}"[..UsageText.MaxBytes], 1))]) with
        {
            Frontend = name, Backend = name, Route = name,
        };
        var record = new byte[UsageRecord.MaxBytes];

        Assert.Equal(record.Length, UsageRecord.Write(usage, record));
        Assert.Equal(name, new UsageRecordReader(record).ToEvent().Route);
    }

    /// <summary>Bytes as the first version wrote them; the journal goes on behind them.</summary>
    [Fact]
    public async Task Journal_of_the_first_version_is_read_and_goes_on()
    {
        var first = new byte[UsageRecord.MaxBytes];
        var usage = JournalFolder.Event("old", meters: [new("tokens", 7)]) with { Frontend = "public", Backend = "web", Route = "GET /lost" };
        var length = UsageRecord.Write(usage, first) - 1 - usage.Route.Length; // which had no route
        BinaryPrimitives.WriteUInt16LittleEndian(first, (ushort)length);
        await using (var journal = _folder.Open())
        {
            await journal.FlushAsync();
        }

        var block = new byte[JournalBlock.HeadBytes + length];
        first.AsSpan(0, length).CopyTo(block.AsSpan(JournalBlock.HeadBytes));
        JournalBlock.Seal(block, 1, usage.Time.ToUnixTimeMilliseconds(), 2);
        await using (var file = new FileStream(_folder.LastSegment, FileMode.Append))
        {
            await file.WriteAsync(block, TestContext.Current.CancellationToken);
        }

        await using (var journal = _folder.Open())
        {
            Assert.False(await journal.AppendAsync(usage, TestContext.Current.CancellationToken)); // its id is known
            await journal.AppendAsync(JournalFolder.Event("new") with { Route = "GET /new" }, TestContext.Current.CancellationToken);
        }

        var events = UsageJournal.ReadEvents(_folder.Root).ToArray();
        Assert.Equal(["", "GET /new"], events.Select(static e => e.Route));
        Assert.Equal(("acme", "gold", "public", "web", new MeterValue("tokens", 7)), (events[0].Client, events[0].Tier, events[0].Frontend, events[0].Backend, Assert.Single(events[0].Meters)));
        Assert.Equal((2, 7), (_folder.Sum(), _folder.Sum("tokens")));
    }
}
