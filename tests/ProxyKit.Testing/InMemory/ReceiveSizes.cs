namespace ProxyKit.Testing.InMemory;

/// <summary>How much a receive in memory hands out at most, so that parsers meet every split.</summary>
public static class ReceiveSizes
{
    /// <summary>Always the same.</summary>
    public static Func<int> Of(int bytes) => () => bytes;

    /// <summary>One after the other, and then from the first again.</summary>
    public static Func<int> Of(params int[] bytes)
    {
        var next = -1;
        return () => bytes[(uint)Interlocked.Increment(ref next) % bytes.Length];
    }

    /// <summary>From 1 to a maximum, the same for the same seed.</summary>
    public static Func<int> Random(int seed, int max)
    {
        var random = new Random(seed);
        return () =>
        {
            lock (random)
            {
                return random.Next(1, max + 1);
            }
        };
    }
}
