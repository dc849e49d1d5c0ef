using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Metering, which HAProxy has no words for: these are ProxyKit's own. What they mean is what the options of the same names do.</summary>
internal static class MeteringKeywords
{
    private const string Own = "ProxyKit's own";

    private static readonly Parameter<UsageJournalOptions>[] OfJournal =
    [
        Parameter<UsageJournalOptions>.Time("flush-interval", static (o, time) => o.FlushInterval = time),
        Parameter<UsageJournalOptions>.Size("max-buffered", static (o, bytes) => o.MaxBufferedBytes = (int)Math.Min(bytes, int.MaxValue)),
        Parameter<UsageJournalOptions>.Size("segment-size", static (o, bytes) => o.SegmentBytes = bytes),
        Parameter<UsageJournalOptions>.Time("segment-age", static (o, time) => o.SegmentAge = time),
        Parameter<UsageJournalOptions>.Time("compact-after", static (o, time) => o.CompactAfter = time),
        Parameter<UsageJournalOptions>.Count("known-ids", static (o, count) => o.KnownIds = count),
    ];

    public static IEnumerable<Keyword> All =>
    [
        Once("journal", "<dir> [<param> ...]", static s =>
        {
            Of(s).JournalPath = s.PathOf(s[0]);
            Parameter<UsageJournalOptions>.ReadAll(s, 1, OfJournal)?.ForEach(set => set(Of(s).Journal));
        }),
        Once("durability", "{batched|before-response}", static s =>
        {
            if (s.TryChoice(0, out var durability, ("batched", Durability.Batched), ("before-response", Durability.BeforeResponse)))
            {
                Of(s).Durability = durability;
            }
        }),
        Once("count-by", "<expr>", static s => Of(s).Client = CheckFormat.ReadExpression(s, 0) ?? Of(s).Client),
        Once("tier-by", "<expr>", static s => Of(s).Tier = CheckFormat.ReadExpression(s, 0) ?? Of(s).Tier),
        Once("route-by", "<expr>", static s => Of(s).Route = CheckFormat.ReadExpression(s, 0) ?? Of(s).Route),
        Runs("meter", Section.Metering, "<name> <expr>", static s => Add(s, Of(s).Meters, SectionOf(s).Places)),
        Runs("meter", Section.Front, "<name> <expr>", static s => Add(s, s.Proxy.Meters, s.Proxy.MeterPlaces)),
        Runs("unmetered", Section.Front, "", static s => s.Proxy.IsMetered = false),
    ];

    private static Keyword Runs(string name, Section section, string arguments, Action<Statement> run) =>
        Keyword.Runs(name, section, arguments, run) with { Note = Own };

    private static Keyword Once(string name, string arguments, Action<Statement> run) =>
        Keyword.RunsOnce(name, Section.Metering, arguments, run) with { Note = Own };

    private static MeteringSection SectionOf(Statement s) => (MeteringSection)s.Target!; // its keywords stand in nothing else

    private static MeteringOptions Of(Statement s) => SectionOf(s).Options;

    private static void Add(Statement s, IList<MeterOptions> meters, Dictionary<MeterOptions, Place> places)
    {
        if (CheckFormat.ReadExpression(s, 1) is { } quantity)
        {
            var meter = new MeterOptions { Name = s[0], Quantity = quantity };
            meters.Add(meter);
            places[meter] = s.Place;
        }
    }
}
