using System.Collections.Concurrent;

namespace ProxyKit.Transport;

/// <summary>The pool of the process: arrays are pinned for life, so that no send has to pin them. A bounded number of each size stays
/// for reuse, the collector takes the rest; each thread keeps one head at hand, so that the warm path shares nothing.</summary>
internal sealed class PinnedBufferPool : BufferPool
{
    /// <summary>How many arrays of each size stay: 16 MiB of heads, 64 MiB of bodies.</summary>
    private const int KeptHeads = 1024, KeptBulks = 512;

    private readonly ConcurrentQueue<byte[]> _heads = new(), _bulks = new();

    [ThreadStatic]
    private static byte[]? t_head;

    public override byte[] RentHead()
    {
        var cached = t_head;
        if (cached is not null)
        {
            t_head = null;
            return cached;
        }

        return _heads.TryDequeue(out var array) ? array : GC.AllocateUninitializedArray<byte>(HeadSize, pinned: true);
    }

    public override byte[] RentBulk() =>
        _bulks.TryDequeue(out var array) ? array : GC.AllocateUninitializedArray<byte>(BulkSize, pinned: true);

    protected override void ReturnLarge(byte[] array)
    {
        if (array.Length == BulkSize)
        {
            if (_bulks.Count < KeptBulks)
            {
                _bulks.Enqueue(array);
            }
        }
        else if (t_head is null)
        {
            t_head = array;
        }
        else if (_heads.Count < KeptHeads)
        {
            _heads.Enqueue(array);
        }
    }
}
