using System.Buffers;

namespace ProxyKit.Transport;

/// <summary>Lends the byte arrays of the data path in two sizes, and small ones for what has to be kept for long. Whoever rents returns.</summary>
internal abstract class BufferPool
{
    /// <summary>The size of a head buffer: what HAProxy calls <c>tune.bufsize</c>, 16384 by default.</summary>
    public const int HeadSize = 16 * 1024;

    /// <summary>The size of a buffer for bodies and tunnels. Large, since the cost of a system call is paid per buffer.</summary>
    public const int BulkSize = 128 * 1024;

    /// <summary>The most that a small array holds: beyond it there is too little to gain over a head buffer.</summary>
    public const int MostSmall = 4 * 1024;

    /// <summary>The pool of the process.</summary>
    public static BufferPool Shared { get; } = new PinnedBufferPool();

    /// <summary>Lends a buffer of <see cref="HeadSize"/> bytes.</summary>
    public abstract byte[] RentHead();

    /// <summary>Lends a buffer of <see cref="BulkSize"/> bytes.</summary>
    public abstract byte[] RentBulk();

    /// <summary>Lends an array of <paramref name="least"/> bytes or some more, <see cref="MostSmall"/> at most.</summary>
    public virtual byte[] RentSmall(int least) => ArrayPool<byte>.Shared.Rent(least);

    /// <summary>Takes a lent array back; its length says which kind it is.</summary>
    public void Return(byte[] array)
    {
        if (array.Length is HeadSize or BulkSize)
        {
            ReturnLarge(array);
        }
        else
        {
            ReturnSmall(array);
        }
    }

    /// <summary>Takes a head buffer or a bulk one back.</summary>
    protected abstract void ReturnLarge(byte[] array);

    /// <summary>Takes a small one back.</summary>
    protected virtual void ReturnSmall(byte[] array) => ArrayPool<byte>.Shared.Return(array);
}
