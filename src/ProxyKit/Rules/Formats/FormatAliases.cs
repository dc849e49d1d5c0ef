namespace ProxyKit.Rules.Formats;

/// <summary>All aliases, by their letters. Those of one kind stand together in a file.</summary>
internal static class FormatAliases
{
    private static readonly Dictionary<string, FormatAlias> ByName = Collect();

    public static IReadOnlyCollection<FormatAlias> All => ByName.Values;

    public static FormatAlias? Find(string name) => ByName.GetValueOrDefault(name);

    private static Dictionary<string, FormatAlias> Collect() =>
        new IEnumerable<FormatAlias>[]
        {
            PlaceAliases.All, TimeAliases.All, CountAliases.All, RequestAliases.All, CaptureAliases.All, ProcessAliases.All,
        }
        .SelectMany(static a => a)
        .ToDictionary(static a => a.Name, StringComparer.Ordinal);
}
