using ProxyKit.Backends;
using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

/// <summary>What the queues of a backend do, said as simply as can be: lists that are searched from end to end.</summary>
internal sealed class QueueModel(bool redispatches, params int[] limits)
{
    private readonly List<Entry> _waiting = [];
    private readonly ServerModel[] _servers = [.. limits.Select(static limit => new ServerModel { Limit = Math.Abs(limit), IsBackup = limit < 0 })];
    private long _turn;

    /// <summary>How each wait ended that did.</summary>
    public Dictionary<int, (QueueOutcome Outcome, int? Server)> Ended { get; } = [];

    public int Active(int server) => _servers[server].Active;

    public void Arrive(int id, int? server, WaitTicket ticket, long now, bool isForced)
    {
        var flow = _waiting.Find(e => e.IsWith(server, ticket))?.Turn ?? new Turn { Last = _turn };
        _waiting.Add(new Entry(id, server, ticket, now + ticket.Offset, isForced, flow));
        if (server is { } index)
        {
            Serve(index);
            ReleaseWhereGone(index, only: id);
        }
        else
        {
            ServeAll();
            if (Candidates().Count == 0)
            {
                End(id, QueueOutcome.NoServer);
            }
        }
    }

    public bool TryEnter(int server)
    {
        var can = !_waiting.Exists(e => e.Server == server || e.Server is null) && _servers[server].HasSlot;
        _servers[server].Active += can ? 1 : 0;
        return can;
    }

    public void Free(int server)
    {
        _servers[server].Active--;
        Serve(server);
    }

    public void GiveUp(int id) => End(id, QueueOutcome.GivenUp);

    public void SetLimit(int server, int limit)
    {
        _servers[server].Limit = limit;
        Changed();
    }

    public void SetAvailability(int server, ServerAvailability availability)
    {
        _servers[server].Availability = availability;
        Changed();
    }

    private void Changed()
    {
        for (var i = 0; i < _servers.Length; i++)
        {
            ReleaseWhereGone(i);
            Serve(i);
        }

        if (Candidates().Count == 0)
        {
            foreach (var entry in _waiting.Where(static e => e.Server is null).ToArray())
            {
                End(entry.Id, QueueOutcome.NoServer);
            }
        }
    }

    private List<int> Candidates()
    {
        var open = Enumerable.Range(0, _servers.Length).Where(i => _servers[i].Availability == ServerAvailability.Open).ToList();
        var active = open.Where(i => !_servers[i].IsBackup).ToList();
        return active.Count > 0 ? active : open.Take(1).ToList();
    }

    private void ServeAll()
    {
        foreach (var server in Candidates())
        {
            Serve(server);
        }
    }

    private void Serve(int server)
    {
        while (_servers[server].HasSlot)
        {
            var own = First(_waiting.Where(e => e.Server == server));
            var any = Candidates().Contains(server) ? First(_waiting.Where(static e => e.Server is null)) : null;
            var next = own is null || any is null ? own ?? any
                : own.Ticket.Class != any.Ticket.Class ? (own.Ticket.Class < any.Ticket.Class ? own : any)
                : own.Ticket.Key != any.Ticket.Key && own.Turn.Last != any.Turn.Last ? (own.Turn.Last < any.Turn.Last ? own : any)
                : any.Time < own.Time ? any : own;
            if (next is null)
            {
                return;
            }

            next.Turn.Last = ++_turn;
            _servers[server].Active++;
            End(next.Id, QueueOutcome.Granted, server);
        }
    }

    /// <summary>The best class; there the key that had its turn longest ago, or came first to the round; and of that who came first.</summary>
    private static Entry? First(IEnumerable<Entry> waiting) => waiting
        .OrderBy(static e => e.Ticket.Class).ThenBy(static e => e.Turn.Last).ThenBy(static e => e.Turn.Number).ThenBy(static e => e.Time).ThenBy(static e => e.Id)
        .FirstOrDefault();

    private void ReleaseWhereGone(int server, int? only = null)
    {
        var availability = _servers[server].Availability;
        if (availability == ServerAvailability.Maintenance || (availability == ServerAvailability.Down && redispatches))
        {
            foreach (var entry in _waiting.Where(e => e.Server == server && !e.IsForced && (only is null || e.Id == only)).ToArray())
            {
                End(entry.Id, QueueOutcome.Released);
            }
        }
    }

    private void End(int id, QueueOutcome outcome, int? server = null)
    {
        if (_waiting.RemoveAll(e => e.Id == id) > 0)
        {
            Ended[id] = (outcome, server);
        }
    }

    private sealed record Entry(int Id, int? Server, WaitTicket Ticket, long Time, bool IsForced, Turn Turn)
    {
        public bool IsWith(int? server, WaitTicket ticket) => Server == server && Ticket.Class == ticket.Class && Ticket.Key == ticket.Key;
    }

    /// <summary>When those of one key had their turn.</summary>
    private sealed class Turn
    {
        private static long s_number;

        public long Number { get; } = Interlocked.Increment(ref s_number);

        public long Last { get; set; }
    }

    private sealed class ServerModel
    {
        public int Limit { get; set; }

        public int Active { get; set; }

        public bool IsBackup { get; init; }

        public ServerAvailability Availability { get; set; }

        public bool HasSlot => Active < Limit;
    }
}
