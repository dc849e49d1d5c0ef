using ProxyKit.Testing;
using ProxyKit.Transport;
using Xunit.Sdk;

namespace ProxyKit.Tests.Testing;

public sealed class LeakCheckingBufferPoolTests
{
    private readonly LeakCheckingBufferPool _pool = new();

    [Fact]
    public async Task Returned_buffers_are_no_fault()
    {
        byte[] head = _pool.RentHead(), bulk = _pool.RentBulk();
        Assert.Equal((BufferPool.HeadSize, BufferPool.BulkSize, 2), (head.Length, bulk.Length, _pool.Rented));
        head.AsSpan().Fill(1);

        _pool.Return(head);
        _pool.Return(bulk);

        _pool.AssertNothingRented();
        await _pool.AssertNothingRentedAsync();
        Assert.Equal(2, _pool.MaxRented);
    }

    [Fact]
    public void Buffer_that_is_not_returned_is_a_fault_that_says_where_it_was_rented()
    {
        _pool.RentHead();

        var fault = Assert.ThrowsAny<XunitException>(_pool.AssertNothingRented);

        Assert.Contains(nameof(Buffer_that_is_not_returned_is_a_fault_that_says_where_it_was_rented), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buffer_that_is_returned_late_is_waited_for()
    {
        var buffer = _pool.RentHead();
        var asserting = _pool.AssertNothingRentedAsync();
        Assert.False(asserting.IsCompleted);

        _pool.Return(buffer);

        await asserting.InTimeAsync();
    }

    [Fact]
    public void Buffer_returned_twice_is_a_fault_there_and_at_the_end()
    {
        var buffer = _pool.RentBulk();
        _pool.Return(buffer);

        Assert.Throws<InvalidOperationException>(() => _pool.Return(buffer));
        Assert.ThrowsAny<XunitException>(_pool.AssertNothingRented);
    }

    [Fact]
    public void Buffer_of_another_pool_is_a_fault() =>
        Assert.Throws<InvalidOperationException>(() => _pool.Return(new byte[BufferPool.HeadSize]));

    [Fact]
    public void Write_after_the_return_is_a_fault()
    {
        var buffer = _pool.RentHead();
        _pool.Return(buffer);
        buffer[77] = 1;

        var fault = Assert.ThrowsAny<XunitException>(_pool.AssertNothingRented);

        Assert.Contains("at offset 77", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_after_the_return_is_a_fault_of_the_next_rent()
    {
        var buffer = _pool.RentHead();
        _pool.Return(buffer);
        buffer[0] = 1;

        Assert.Throws<InvalidOperationException>(() => _pool.RentHead());
    }
}
