namespace ProxyKit.Tests;

/// <summary>Asserts that warm code allocates nothing.</summary>
internal static class Allocations
{
    private const int Attempts = 5;

    /// <summary>Runs the rounds until they allocate nothing, a few times at most: what allocates by itself does so every time, while a collection
    /// beside the test may take a shared pool's arrays away once.</summary>
    /// <param name="rounds">Many rounds of what is asked about; they have run once before, so that they are warm.</param>
    public static void AssertNone(Action rounds)
    {
        rounds();
        var allocated = 0L;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            rounds();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated == 0)
            {
                return;
            }
        }

        Assert.Equal(0, allocated);
    }
}
