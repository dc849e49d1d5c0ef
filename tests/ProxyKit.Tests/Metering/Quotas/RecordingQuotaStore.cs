using System.Threading.Channels;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Metering.Quotas;

/// <summary>A store of a user's own that keeps what it is told in memory, and can be made to fail.</summary>
internal sealed class RecordingQuotaStore : IQuotaStore
{
    private readonly Channel<IReadOnlyList<QuotaCount>> _written = Channel.CreateUnbounded<IReadOnlyList<QuotaCount>>();
    private readonly Channel<bool> _failed = Channel.CreateUnbounded<bool>();
    private bool _fails;

    public IReadOnlyList<QuotaCount> Kept { get; init; } = [];

    public bool Fails
    {
        get => Volatile.Read(ref _fails);
        set => Volatile.Write(ref _fails, value);
    }

    public ChannelReader<IReadOnlyList<QuotaCount>> Written => _written.Reader;

    public ChannelReader<bool> Failed => _failed.Reader;

    public ValueTask<IReadOnlyList<QuotaCount>> ReadAsync(string tiers, CancellationToken cancellationToken) => new(Kept);

    public ValueTask WriteAsync(string tiers, IReadOnlyList<QuotaCount> changed, CancellationToken cancellationToken)
    {
        if (Fails)
        {
            _failed.Writer.TryWrite(true);
            throw new IOException("away");
        }

        _written.Writer.TryWrite([.. changed]);
        return default;
    }
}
