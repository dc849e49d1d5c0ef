namespace ProxyKit.Backends;

/// <summary>The numbers of things of which some were given one.</summary>
internal static class FreeNumbers
{
    /// <summary>What was given, else the position, from 1, or the next number that is free.</summary>
    /// <param name="given">Those that were given; null for none.</param>
    public static int[] Of(IReadOnlyCollection<int?> given)
    {
        var used = given.OfType<int>().ToHashSet();
        var numbers = new int[given.Count];
        var next = 0;
        foreach (var (index, own) in given.Index())
        {
            next++;
            while (own is null && !used.Add(next))
            {
                next++;
            }

            numbers[index] = own ?? next;
        }

        return numbers;
    }
}
