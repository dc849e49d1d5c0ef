using System.Collections.Concurrent;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>Spare exchange objects, so that a warm request makes none. Each thread has some at hand; a bounded number is shared. With them, what is kept of
/// those that wait.</summary>
internal sealed class ExchangePool
{
    private const int KeptByThread = 32, Kept = 4096;

    private readonly ConcurrentQueue<ServedExchange> _spare = new();
    private readonly ConcurrentQueue<ParkedExchange> _spareParked = new();

    [ThreadStatic]
    private static LocalStack<ServedExchange> t_spare;

    public ServedExchange Rent() => t_spare.TryPop(out var exchange) || _spare.TryDequeue(out exchange) ? exchange : new ServedExchange();

    public void Return(ServedExchange exchange)
    {
        exchange.Reset();
        if (!t_spare.TryPush(exchange, KeptByThread) && _spare.Count < Kept)
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
