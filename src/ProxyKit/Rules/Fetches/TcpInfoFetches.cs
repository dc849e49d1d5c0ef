using System.Runtime.InteropServices;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Fetches;

/// <summary>What the system's TCP knows of the connections with client and server: round trips, and packets that were lost. Linux; elsewhere there is
/// no sample.</summary>
internal static class TcpInfoFetches
{
    // Where the fields of Linux's struct tcp_info are, which only ever grows: eight bytes, then numbers of four.
    private const int Unacked = 24, Sacked = 28, Lost = 32, Retrans = 36, Fackets = 40, Rtt = 68, RttVariation = 72, Reordering = 88;
    private const int Length = 104;

    private static readonly KeywordArgument Unit = Fetch.Optional("unit");

    public static IEnumerable<FetchKeyword> All =>
    [
        Time("fc_rtt", RuleStages.OfClient, static c => c.Session.Connection, Rtt),
        Time("fc_rttvar", RuleStages.OfClient, static c => c.Session.Connection, RttVariation),
        Time("bc_rtt", RuleStages.OfClient, static c => c.Host?.ServerConnection, Rtt),
        Time("bc_rttvar", RuleStages.OfClient, static c => c.Host?.ServerConnection, RttVariation),
        Fetch.Of("fc_saved_syn", SampleType.Binary, RuleStages.OfClient, SavedPacket),
        Count("fc_unacked", Unacked),
        Count("fc_sacked", Sacked),
        Count("fc_retrans", Retrans),
        Count("fc_fackets", Fackets),
        Count("fc_lost", Lost),
        Count("fc_reordering", Reordering),
    ];

    private static FetchKeyword Time(string name, RuleStages stages, Func<RuleContext, Connection?> find, int offset) =>
        Fetch.Of(name, SampleType.Integer, stages, use =>
        {
            var isMicroseconds = use.Arguments.Text(0) switch
            {
                "us" => true,
                "ms" or "" => false,
                var other => throw new RuleFaultException($"the unit is 'us' or 'ms', and not '{other}'"),
            };
            return (RuleContext context, ref Sample sample) =>
                TryRead(find(context), offset, out var time) && sample.Set(isMicroseconds ? time : (time + 500) / 1000);
        }, Unit);

    private static FetchKeyword Count(string name, int offset) => Fetch.Of(name, SampleType.Integer, RuleStages.OfClient, (RuleContext context, ref Sample sample) =>
        TryRead(context.Session.Connection, offset, out var count) && sample.Set(count));

    private static bool SavedPacket(RuleContext context, ref Sample sample)
    {
        const int Longest = 2048; // headers with all options, and what may come with a first packet
        if (context.Session.Connection is not { } connection)
        {
            return false;
        }

        var packet = context.Scratch.Rent(Longest);
        var length = connection.TakeSavedPacket(packet);
        return sample.SetBinary(context.Scratch.Shrink(packet, length)) && length > 0;
    }

    private static bool TryRead(Connection? connection, int offset, out long value)
    {
        Span<byte> info = stackalloc byte[Length];
        value = 0;
        if (connection is null || connection.ReadTcpInfo(info) < offset + sizeof(uint))
        {
            return false;
        }

        value = MemoryMarshal.Read<uint>(info[offset..]);
        return true;
    }
}
