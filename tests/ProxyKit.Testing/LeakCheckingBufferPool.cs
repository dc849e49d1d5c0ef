using System.Diagnostics;
using ProxyKit.Transport;
using Xunit;

namespace ProxyKit.Testing;

/// <summary>A pool that notices what goes wrong with buffers: one that is not returned, returned twice or to the wrong pool, or
/// written to after it was returned. A fault throws where it is found, and again at the end, for the throw may have met nobody.</summary>
internal sealed class LeakCheckingBufferPool : BufferPool
{
    private const byte Poison = 0xA5;

    private readonly Lock _lock = new(); // guards everything below
    private readonly Dictionary<byte[], StackTrace> _rented = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<byte[]> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<byte[]> _heads = new(), _bulks = new(), _small = new();
    private readonly List<string> _faults = [];
    private TaskCompletionSource _nothingRented = Completed();
    private int _maxRented;

    /// <summary>How many buffers are lent at this moment.</summary>
    public int Rented
    {
        get
        {
            lock (_lock)
            {
                return _rented.Count;
            }
        }
    }

    /// <summary>The most that were lent at any one time.</summary>
    public int MaxRented
    {
        get
        {
            lock (_lock)
            {
                return _maxRented;
            }
        }
    }

    /// <inheritdoc/>
    public override byte[] RentHead() => Rent(_heads, HeadSize);

    /// <inheritdoc/>
    public override byte[] RentBulk() => Rent(_bulks, BulkSize);

    /// <inheritdoc/>
    public override byte[] RentSmall(int least) => Rent(new Queue<byte[]>(), least); // exactly so long, and a new one each time: nobody may count on more

    /// <inheritdoc/>
    protected override void ReturnLarge(byte[] array) => TakeBack(array, array.Length == HeadSize ? _heads : _bulks);

    /// <inheritdoc/>
    protected override void ReturnSmall(byte[] array) => TakeBack(array, _small);

    private void TakeBack(byte[] array, Queue<byte[]> returned)
    {
        lock (_lock)
        {
            if (!_rented.Remove(array))
            {
                Fault(_known.Contains(array) ? "A buffer was returned twice." : "A buffer was returned that was never rented here.");
            }

            array.AsSpan().Fill(Poison);
            returned.Enqueue(array); // first in, first out: the longest time to be written to late
            if (_rented.Count == 0)
            {
                _nothingRented.TrySetResult();
            }
        }
    }

    /// <summary>Fails when a buffer is still lent, or anything went wrong before.</summary>
    public void AssertNothingRented()
    {
        lock (_lock)
        {
            foreach (var array in _heads.Concat(_bulks).Concat(_small))
            {
                NoteLateUse(array);
            }

            if (_faults.Count > 0)
            {
                Assert.Fail(string.Join('\n', _faults));
            }

            if (_rented.Count > 0)
            {
                Assert.Fail($"{_rented.Count} buffers were not returned. They were rented\n" + string.Join("\nand\n", _rented.Values.Take(3)));
            }
        }
    }

    /// <summary>The same, once what is still under way had time to end: a connection that is closed may rent once more to find that out.</summary>
    public async Task AssertNothingRentedAsync()
    {
        var patience = Task.Delay(Patience.Limit);
        while (!patience.IsCompleted)
        {
            Task nothing;
            lock (_lock)
            {
                if (_rented.Count == 0)
                {
                    AssertNothingRented(); // with nobody in between
                    return;
                }

                nothing = _nothingRented.Task;
            }

            await Task.WhenAny(nothing, patience);
        }

        AssertNothingRented();
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private byte[] Rent(Queue<byte[]> returned, int size)
    {
        lock (_lock)
        {
            if (!returned.TryDequeue(out var array))
            {
                array = new byte[size];
                array.AsSpan().Fill(Poison); // nobody may count on zeros either
                _known.Add(array);
            }
            else if (NoteLateUse(array))
            {
                Fault(_faults[^1]);
            }

            if (_rented.Count == 0)
            {
                _nothingRented = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _rented.Add(array, new StackTrace(fNeedFileInfo: false)); // put into words when it is told: that takes a thousand times as long
            _maxRented = Math.Max(_maxRented, _rented.Count);
            return array;
        }
    }

    private bool NoteLateUse(byte[] array)
    {
        var at = array.AsSpan().IndexOfAnyExcept(Poison);
        if (at < 0)
        {
            return false;
        }

        _faults.Add($"A buffer was written to after it was returned, at offset {at}.");
        array.AsSpan().Fill(Poison);
        return true;
    }

    private void Fault(string text)
    {
        if (!_faults.Contains(text))
        {
            _faults.Add(text);
        }

        throw new InvalidOperationException(text);
    }
}
