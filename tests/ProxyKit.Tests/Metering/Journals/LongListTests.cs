using System.Collections;
using ProxyKit.Metering;

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
    public async Task Event_on_its_way_takes_the_room_that_it_has()
    {
        await using var journal = _folder.Open();
        await journal.AppendAsync(JournalFolder.Event("0"), TestContext.Current.CancellationToken); // what is made once is made
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await journal.WriteAsync([.. Enumerable.Range(1, 1_000).Select(static i => JournalFolder.Event($"{i}"))], TestContext.Current.CancellationToken);

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 1, 4_000_000); // the longest that an event may be would be more alone
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
