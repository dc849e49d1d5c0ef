using System.Globalization;

namespace ProxyKit.Checks;

/// <summary>Statuses as people write them: <c>200,204,300-399</c>.</summary>
internal sealed class StatusList
{
    private readonly (int Least, int Most)[] _ranges;

    private StatusList((int Least, int Most)[] ranges) => _ranges = ranges;

    /// <exception cref="FormatException">It is no list of statuses.</exception>
    public static StatusList Parse(string text) => new([.. text.Split(',').Select(static part =>
    {
        var dash = part.IndexOf('-', StringComparison.Ordinal);
        var least = Number(dash < 0 ? part : part[..dash], part);
        var most = dash < 0 ? least : Number(part[(dash + 1)..], part);
        return most >= least ? (least, most) : throw new FormatException($"'{part}' ends before it begins");
    })]);

    public bool Contains(int status)
    {
        foreach (var (least, most) in _ranges)
        {
            if (status >= least && status <= most)
            {
                return true;
            }
        }

        return false;
    }

    private static int Number(string text, string part) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 999
            ? number
            : throw new FormatException($"'{part}' is neither a status nor a range of them");
}
