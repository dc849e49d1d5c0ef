using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Resolvers;

/// <summary>A group of nameservers, and what they have said. Outlives configurations that say the same of it.</summary>
/// <remarks>Rules ask with names that clients may have sent: how many are known, and how many are being asked for, is bounded. The names of
/// servers are the configuration's, and are asked for in any case.</remarks>
internal sealed class ResolverGroup : IDisposable
{
    private const int MostKnown = 4096;
    private const int MostAsked = 256;

    private readonly Lock _lock = new(); // guards _names, _oldest, _asked and the Asking of every name
    private readonly Dictionary<string, NameResolution>[] _names = [.. Enum.GetValues<ResolutionKind>().Select(static _ => new Dictionary<string, NameResolution>(StringComparer.OrdinalIgnoreCase))];
    private readonly Queue<NameResolution> _oldest = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly Nameserver[] _nameservers;
    private readonly ResolverSettings _settings;
    private readonly Action<Exception> _onFault;
    private int _asked;

    /// <param name="settings">Whom to ask, and how.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onFault">Told of what should not happen.</param>
    public ResolverGroup(ResolverSettings settings, TimeProvider time, Action<Exception> onFault)
    {
        _settings = settings;
        Time = time;
        _onFault = onFault;
        _nameservers = [.. settings.Nameservers.Select(n => new Nameserver($"{settings.Name}/{n.Name}", n.EndPoint, n.UsesTcp, settings.MaxPayload))];
        Servers = new ServerLookups(this);
    }

    public TimeProvider Time { get; }

    public ResolverSettings Settings => _settings;

    /// <summary>The servers that it finds addresses for.</summary>
    public ServerLookups Servers { get; }

    /// <summary>Is cancelled when the group is given up.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>An address of a name that was asked for a moment ago.</summary>
    public bool TryFind(ReadOnlySpan<char> name, AddressPreference preference, out IPAddress? address)
    {
        NameResolution? known;
        name = name.EndsWith('.') ? name[..^1] : name;
        lock (_lock)
        {
            _names[(int)KindOf(preference)].GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out known);
        }

        address = known?.Fresh(Time, _settings.HoldValid)?.Addresses[0]; // valid, so it has one
        return address is not null;
    }

    /// <summary>An address of a name, as soon as it is known.</summary>
    /// <param name="name">The name; a valid one.</param>
    /// <param name="preference">Of which kind, where it has both.</param>
    /// <param name="givenUp">Ends the waiting.</param>
    /// <returns>Null where there is none, too many others are asked for, or the waiting has ended.</returns>
    public async ValueTask<IPAddress?> FindAsync(string name, AddressPreference preference, CancellationToken givenUp)
    {
        var resolution = NameOf(name, KindOf(preference));
        if (resolution.Fresh(Time, _settings.HoldValid) is { } known)
        {
            return known.Addresses[0]; // valid, so it has one
        }

        if (Begin(resolution, most: MostAsked) is not { } asking)
        {
            return null;
        }

        if (!asking.IsCompleted && givenUp.CanBeCanceled)
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = givenUp.UnsafeRegister(static l => ((TaskCompletionSource)l!).TrySetResult(), left);
            if (await Task.WhenAny(asking, left.Task).ConfigureAwait(false) != asking)
            {
                return null; // others may wait for it still
            }
        }

        return await asking.ConfigureAwait(false) is { IsValid: true, Addresses: [var address, ..] } ? address : null;
    }

    /// <summary>Asks for a name now, or joins those who do.</summary>
    public Task<DnsAnswer> AskAsync(NameResolution name) => Begin(name, most: int.MaxValue)!; // there is no such bound

    /// <summary>What is known of a name: nothing where it was not asked for before.</summary>
    public NameResolution NameOf(string name, ResolutionKind kind)
    {
        name = name.TrimEnd('.').ToLowerInvariant(); // one spelling, so that it is found again when it is to be forgotten
        lock (_lock)
        {
            if (!_names[(int)kind].TryGetValue(name, out var known))
            {
                MakeRoomLocked();
                _names[(int)kind][name] = known = new NameResolution(name, kind);
                _oldest.Enqueue(known);
            }

            return known;
        }
    }

    /// <summary>What is asked of a name for a server.</summary>
    public ResolutionKind KindOf(ResolvedServer server) => server.TakesIPv4Alone ? ResolutionKind.IPv4Only : KindOf(server.Preference);

    /// <summary>Whether an address that comes unasked is one for a server.</summary>
    public bool Accepts(ResolvedServer server, IPAddress address) =>
        KindOf(server) is ResolutionKind.IPv6First or ResolutionKind.IPv4First
        || (KindOf(server) == ResolutionKind.IPv4Only) == (address.AddressFamily == AddressFamily.InterNetwork);

    private ResolutionKind KindOf(AddressPreference preference) => (_settings.Accepts, preference) switch
    {
        (AcceptedAddresses.IPv4, _) => ResolutionKind.IPv4Only,
        (AcceptedAddresses.IPv6, _) => ResolutionKind.IPv6Only,
        (_, AddressPreference.IPv4) => ResolutionKind.IPv4First,
        _ => ResolutionKind.IPv6First,
    };

    public void NoteFault(Exception e) => _onFault(e);

    /// <summary>Asks nobody any more. Servers keep what they have.</summary>
    public void Dispose()
    {
        _stopped.Cancel(); // never disposed: whoever asks at this moment may look at its token
        _ = Servers.UseAsync([]);
    }

    private void MakeRoomLocked()
    {
        while (_oldest.Count >= MostKnown)
        {
            var oldest = _oldest.Dequeue();
            _names[(int)oldest.Kind].Remove(oldest.Name); // who waits for it, or follows it, goes on with what he has
        }
    }

    private Task<DnsAnswer>? Begin(NameResolution name, int most)
    {
        TaskCompletionSource<DnsAnswer> answer;
        lock (_lock)
        {
            if (name.Asking is { } asking)
            {
                return asking;
            }

            if (_asked >= most)
            {
                return null;
            }

            answer = new TaskCompletionSource<DnsAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            name.Asking = answer.Task;
            _asked++;
        }

        _ = RunAsync(name, answer);
        return answer.Task;
    }

    private async Task RunAsync(NameResolution name, TaskCompletionSource<DnsAnswer> answer)
    {
        var found = DnsAnswer.Other;
        try
        {
            found = await ResolveAsync(name).ConfigureAwait(false);
            if (found.IsValid)
            {
                name.Keep(found, Time.GetTimestamp());
            }
        }
        catch (Exception e)
        {
            NoteFault(e); // nobody awaits this
        }

        lock (_lock)
        {
            name.Asking = null;
            _asked--;
        }

        answer.SetResult(found);
    }

    /// <summary>Asks until somebody answers, or as often as it is worth. Who has none of the preferred addresses is asked for the others at once.</summary>
    private async Task<DnsAnswer> ResolveAsync(NameResolution name)
    {
        var (first, second) = name.Kind switch
        {
            ResolutionKind.IPv4First => (DnsRecordType.A, DnsRecordType.Aaaa),
            ResolutionKind.IPv6First => (DnsRecordType.Aaaa, DnsRecordType.A),
            ResolutionKind.IPv4Only => (DnsRecordType.A, DnsRecordType.A),
            ResolutionKind.IPv6Only => (DnsRecordType.Aaaa, DnsRecordType.Aaaa),
            _ => (DnsRecordType.Srv, DnsRecordType.Srv),
        };
        for (var attempt = 0; attempt < _settings.Attempts && !_stopped.IsCancellationRequested; attempt++)
        {
            var answer = await AskAllAsync(name.Name, first).ConfigureAwait(false);
            if (!answer.IsValid && answer.Status != DnsStatus.TimedOut && first != second)
            {
                answer = await AskAllAsync(name.Name, second).ConfigureAwait(false);
            }

            if (answer.Status != DnsStatus.TimedOut)
            {
                return answer;
            }
        }

        return DnsAnswer.TimedOut;
    }

    /// <summary>Asks all nameservers once. The first valid answer counts; where there is none, what the others have said.</summary>
    private async Task<DnsAnswer> AskAllAsync(string name, DnsRecordType type)
    {
        using var limit = new CancellationTokenSource(_settings.RetryTimeout, Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopped.Token);
        var question = new DnsQuestion(name, type, _settings.MaxPayload);
        var asked = _nameservers.Select(n => n.AskAsync(question, ended.Token)).ToList();
        DnsAnswer? answer = null;
        while (asked.Count > 0 && answer is not { IsValid: true })
        {
            var done = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(done);
            answer = await done.ConfigureAwait(false) ?? answer;
        }

        if (answer is null && !ended.IsCancellationRequested)
        {
            await WaitAsync(ended.Token).ConfigureAwait(false); // nobody is there: asking again at once would only be quicker to give up
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(asked).ConfigureAwait(false); // which end now
        return answer ?? DnsAnswer.TimedOut;
    }

    private static async Task WaitAsync(CancellationToken end)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = end.UnsafeRegister(static e => ((TaskCompletionSource)e!).TrySetResult(), ended);
        await ended.Task.ConfigureAwait(false);
    }
}
