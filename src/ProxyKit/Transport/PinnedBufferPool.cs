using System.Collections.Concurrent;

namespace ProxyKit.Transport;

/// <summary>The pool of the process: arrays are pinned for life, so that no send has to pin them. A bounded number of each size stays
/// for reuse, the collector takes the rest; each thread keeps some at hand, so that the warm path shares nothing.</summary>
internal sealed class PinnedBufferPool : BufferPool
{
    /// <summary>How many arrays of each size stay for all threads: 16 MiB of heads, 64 MiB of bodies.</summary>
    private const int KeptHeads = 1024, KeptBulks = 512;

    /// <summary>How many a thread keeps besides: 256 KiB of heads, 512 KiB of bodies.</summary>
    private const int HeadsByThread = 16, BulksByThread = 4;

    private readonly ConcurrentQueue<byte[]> _heads = new(), _bulks = new();

    [ThreadStatic]
    private static LocalStack<byte[]> t_heads;

    [ThreadStatic]
    private static LocalStack<byte[]> t_bulks;

    public override byte[] RentHead() =>
        t_heads.TryPop(out var array) || _heads.TryDequeue(out array) ? array : GC.AllocateUninitializedArray<byte>(HeadSize, pinned: true);

    public override byte[] RentBulk() =>
        t_bulks.TryPop(out var array) || _bulks.TryDequeue(out array) ? array : GC.AllocateUninitializedArray<byte>(BulkSize, pinned: true);

    protected override void ReturnLarge(byte[] array)
    {
        if (array.Length == BulkSize)
        {
            if (!t_bulks.TryPush(array, BulksByThread) && _bulks.Count < KeptBulks)
            {
                _bulks.Enqueue(array);
            }
        }
        else if (!t_heads.TryPush(array, HeadsByThread) && _heads.Count < KeptHeads)
        {
            _heads.Enqueue(array);
        }
    }
}
