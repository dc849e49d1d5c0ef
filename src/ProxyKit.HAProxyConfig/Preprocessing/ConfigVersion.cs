using System.Globalization;

namespace ProxyKit.HAProxyConfig.Preprocessing;

/// <summary>A version as conditions compare them: <c>2.4</c>, <c>3.5-dev2</c>, <c>1.1.1</c>.</summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second.</param>
/// <param name="Patch">The third.</param>
/// <param name="Development">The number behind <c>-dev</c>; the highest for a release, which comes after them.</param>
internal readonly record struct ConfigVersion(int Major, int Minor, int Patch, int Development) : IComparable<ConfigVersion>
{
    public static ConfigVersion? Parse(string text)
    {
        var development = int.MaxValue;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash >= 0)
        {
            if (!text.AsSpan(dash).StartsWith("-dev") || !TryNumber(text.AsSpan(dash + 4), out development))
            {
                return null;
            }

            text = text[..dash];
        }

        Span<int> numbers = [0, 0, 0];
        var count = 0;
        foreach (var range in text.AsSpan().Split('.'))
        {
            if (count == numbers.Length || !TryNumber(text.AsSpan()[range], out numbers[count++]))
            {
                return null;
            }
        }

        return new ConfigVersion(numbers[0], numbers[1], numbers[2], development);
    }

    public int CompareTo(ConfigVersion other) =>
        (Major, Minor, Patch, Development).CompareTo((other.Major, other.Minor, other.Patch, other.Development));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
