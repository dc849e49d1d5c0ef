using System.Collections.Concurrent;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>What the reading of one request needs. Lent from its first byte to the end of its exchange, so that a client that asks for nothing
/// has none.</summary>
internal sealed class RequestReader
{
    /// <summary>How many a thread keeps at hand, and how many are shared beyond that.</summary>
    private const int KeptByThread = 32, KeptShared = 4096;

    private static readonly ConcurrentQueue<RequestReader> Shared = new();

    [ThreadStatic]
    private static LocalStack<RequestReader> t_kept;

    private DepartureWatch? _watch;

    public RequestHeadParser Head { get; } = new();

    public BodyReader Body { get; } = new();

    public DepartureWatch Watch => _watch!; // which each has that is lent

    /// <summary>How many bytes the client was sent for the request.</summary>
    public long BytesSent { get; set; }

    /// <summary>Lends one to a client.</summary>
    /// <param name="connection">The client's.</param>
    /// <param name="buffer">What is received into.</param>
    /// <param name="watch">The watch that the client has, where it has kept it.</param>
    public static RequestReader Rent(Connection connection, ReceiveBuffer buffer, DepartureWatch? watch = null)
    {
        var reader = t_kept.TryPop(out var spare) || Shared.TryDequeue(out spare) ? spare : new();
        reader._watch ??= watch ?? new();
        reader.BytesSent = 0;
        reader.Watch.Attach(connection, buffer);
        return reader;
    }

    /// <summary>Takes one back but for its watch, which the client keeps.</summary>
    public static DepartureWatch ReturnWithoutWatch(RequestReader reader)
    {
        var watch = reader.Watch;
        reader._watch = null;
        Return(reader);
        return watch;
    }

    /// <summary>Takes one back. Whoever rents it next starts its parts over.</summary>
    public static void Return(RequestReader reader)
    {
        reader._watch?.Detach();
        reader.Head.Release();
        if (!t_kept.TryPush(reader, KeptByThread) && Shared.Count < KeptShared)
        {
            Shared.Enqueue(reader);
        }
    }
}
