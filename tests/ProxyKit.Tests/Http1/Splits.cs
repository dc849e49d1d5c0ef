namespace ProxyKit.Tests.Http1;

/// <summary>The ways a message may be cut into pieces on its way: for each, how much has come after every piece.</summary>
internal static class Splits
{
    private const int LongestToCutEverywhere = 400;

    public static IEnumerable<int[]> Of(int length)
    {
        yield return [length];
        yield return [.. Enumerable.Range(1, length)];
        for (var cut = 1; cut < length && length <= LongestToCutEverywhere; cut++)
        {
            yield return [cut, length];
        }

        var random = new Random(length);
        for (var i = 0; i < 8; i++)
        {
            yield return Random(random, length);
        }
    }

    public static int[] Random(Random random, int length)
    {
        var ends = new List<int>();
        var largest = 1 << random.Next(1, 8);
        for (var end = random.Next(1, largest + 1); end < length; end += random.Next(1, largest + 1))
        {
            ends.Add(end);
        }

        return [.. ends, length];
    }
}
