using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

public sealed class IndexedHeapTests
{
    [Fact]
    public void First_is_the_one_that_goes_before_all_whoever_comes_leaves_or_moves()
    {
        var random = new Random(1);
        var heap = new IndexedHeap<Member, Order>();
        var all = new List<Member>();
        for (var step = 0; step < 20_000; step++)
        {
            if (all.Count == 0 || random.Next(3) == 0)
            {
                all.Add(new Member { Rank = random.Next(1000) });
                heap.Add(all[^1]);
            }
            else if (random.Next(2) == 0)
            {
                var moved = all[random.Next(all.Count)];
                moved.Rank = random.Next(1000);
                heap.Update(moved);
            }
            else
            {
                var left = all[random.Next(all.Count)];
                all.Remove(left);
                heap.Remove(left);
            }

            Assert.Equal(all.Count, heap.Count);
            Assert.Equal(all.Count == 0 ? null : all.Min(static m => m.Rank), heap.First?.Rank);
        }
    }

    /// <summary>What is done under a queue's lock: its work must not grow as its members do.</summary>
    [Fact]
    public void Every_step_takes_about_as_many_looks_as_the_heap_is_deep()
    {
        const int Members = 100_000, Depth = 17;
        var random = new Random(1);
        var heap = new IndexedHeap<Member, Order>();
        var all = Enumerable.Range(0, Members).Select(_ => new Member { Rank = random.Next() }).ToArray();
        Array.ForEach(all, heap.Add);
        var most = 0;
        foreach (var member in all.Take(1000))
        {
            most = Math.Max(most, LooksOf(() => heap.Remove(member)));
            most = Math.Max(most, LooksOf(() => heap.Add(member)));
            member.Rank = random.Next();
            most = Math.Max(most, LooksOf(() => heap.Update(member)));
        }

        Assert.InRange(most, 1, (2 * Depth) + 1); // two for each level on the way down, and one to see that it is the way
    }

    private static int LooksOf(Action step)
    {
        Order.Looks = 0;
        step();
        return Order.Looks;
    }

    private sealed class Member
    {
        public int Rank { get; set; }

        public int Place { get; set; }
    }

    private readonly struct Order : IHeapOrder<Member>
    {
        [ThreadStatic]
        private static int t_looks;

        public static int Looks { get => t_looks; set => t_looks = value; }

        public static bool GoesBefore(Member one, Member other)
        {
            t_looks++;
            return one.Rank < other.Rank;
        }

        public static int PlaceOf(Member member) => member.Place;

        public static void NotePlace(Member member, int place) => member.Place = place;
    }
}
