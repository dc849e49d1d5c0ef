using System.Collections.Concurrent;

namespace ProxyKit.Exchanges;

/// <summary>Spare exchange objects, so that a warm request makes none. One per thread is at hand; a bounded number is shared. With them, what is kept of
/// those that wait.</summary>
internal sealed class ExchangePool
{
    private const int Kept = 4096;

    private readonly ConcurrentQueue<ServedExchange> _spare = new();
    private readonly ConcurrentQueue<ParkedExchange> _spareParked = new();

    [ThreadStatic]
    private static ServedExchange? t_spare;

    public ServedExchange Rent()
    {
        var exchange = t_spare;
        if (exchange is not null)
        {
            t_spare = null;
            return exchange;
        }

        return _spare.TryDequeue(out exchange) ? exchange : new ServedExchange();
    }

    public void Return(ServedExchange exchange)
    {
        exchange.Reset();
        if (t_spare is null)
        {
            t_spare = exchange;
        }
        else if (_spare.Count < Kept)
        {
            _spare.Enqueue(exchange);
        }
    }

    public ParkedExchange RentParked() => _spareParked.TryDequeue(out var parked) ? parked : new ParkedExchange();

    public void Return(ParkedExchange parked)
    {
        parked.Reset();
        if (_spareParked.Count < Kept)
        {
            _spareParked.Enqueue(parked);
        }
    }
}
