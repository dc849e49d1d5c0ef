using System.Globalization;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Statuses that lines replace, extend or reduce.</summary>
/// <param name="usual">Those that are there before.</param>
internal sealed class StatusList(IEnumerable<int> usual)
{
    private const int First = 100, Last = 599;

    private readonly SortedSet<int> _statuses = [.. usual];

    /// <summary>Whether a line has said something.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Takes in ranges with commas between them. With a sign before the first they add to what is there, or take away; without, they stand in its
    /// place.</summary>
    /// <param name="text">The ranges.</param>
    /// <param name="isFirst">Whether nothing of the line was taken in before.</param>
    public bool TryChange(string text, bool isFirst)
    {
        IsChanged = true;
        foreach (var (index, part) in text.Split(',').Index())
        {
            var sign = part.Length > 0 && part[0] is '+' or '-' ? part[0] : ' ';
            var range = (sign == ' ' ? part : part[1..]).Split('-');
            if (range.Length > 2 || !TryStatus(range[0], out var from) || !TryStatus(range[^1], out var to) || to < from)
            {
                return false;
            }

            if (sign == ' ' && isFirst && index == 0)
            {
                _statuses.Clear();
            }

            for (var status = from; status <= to; status++)
            {
                _ = sign == '-' ? _statuses.Remove(status) : _statuses.Add(status);
            }
        }

        return true;
    }

    /// <summary>The statuses as options have them.</summary>
    public override string ToString()
    {
        var ranges = new List<(int From, int To)>();
        foreach (var status in _statuses)
        {
            if (ranges.Count > 0 && ranges[^1].To == status - 1)
            {
                ranges[^1] = (ranges[^1].From, status);
            }
            else
            {
                ranges.Add((status, status));
            }
        }

        return string.Join(',', ranges.Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.From}{(r.To > r.From ? $"-{r.To}" : "")}")));
    }

    private static bool TryStatus(string text, out int status) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= First and <= Last;
}
