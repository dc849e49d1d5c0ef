using System.Collections;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering.Journals;

public sealed class LongListTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Long_list_is_written_part_by_part()
    {
        await using var journal = _folder.Open();
        var events = new WatchedEvents(5_000, () => journal.WrittenEvents);

        await journal.WriteAsync(events, TestContext.Current.CancellationToken);

        Assert.Equal(5_000, journal.WrittenEvents);
        Assert.InRange(events.MostUnwritten, 1, 1_000);
    }

    [Fact]
    public void Event_on_its_way_takes_no_more_room_than_it_has_bytes()
    {
        var ticket = UsageJournal.TicketOf(JournalFolder.Event("1"));

        Assert.Equal(ticket.Length, ticket.Room.Length);
        Assert.Equal("acme", new UsageRecordReader(ticket.Record).ToEvent().Client);
    }

    /// <summary>Events that are made when they are asked for, and notes how many of them were not written then.</summary>
    private sealed class WatchedEvents(int count, Func<long> written) : IReadOnlyList<UsageEvent>
    {
        public long MostUnwritten { get; private set; }

        public int Count => count;

        public UsageEvent this[int index]
        {
            get
            {
                MostUnwritten = Math.Max(MostUnwritten, index + 1 - written());
                return JournalFolder.Event($"{index}");
            }
        }

        public IEnumerator<UsageEvent> GetEnumerator()
        {
            for (var i = 0; i < count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
