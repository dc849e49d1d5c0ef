namespace ProxyKit.Transport;

/// <summary>Lends the byte arrays of the data path in two sizes. Whoever rents returns.</summary>
internal abstract class BufferPool
{
    /// <summary>The size of a head buffer: what HAProxy calls <c>tune.bufsize</c>, 16384 by default.</summary>
    public const int HeadSize = 16 * 1024;

    /// <summary>The size of a buffer for bodies and tunnels. Large, since the cost of a system call is paid per buffer.</summary>
    public const int BulkSize = 128 * 1024;

    /// <summary>The pool of the process.</summary>
    public static BufferPool Shared { get; } = new PinnedBufferPool();

    /// <summary>Lends a buffer of <see cref="HeadSize"/> bytes.</summary>
    public abstract byte[] RentHead();

    /// <summary>Lends a buffer of <see cref="BulkSize"/> bytes.</summary>
    public abstract byte[] RentBulk();

    /// <summary>Takes a lent array back; its length says which kind it is.</summary>
    public abstract void Return(byte[] array);
}
