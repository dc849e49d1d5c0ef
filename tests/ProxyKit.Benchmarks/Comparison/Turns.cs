using ProxyKit.Benchmarks.Proxies;
using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>A contender on its way through the rounds of a row.</summary>
internal sealed class Turns(Contender contender)
{
    public Contender Contender { get; } = contender;

    public RunningProxy? Running { get; set; }

    public List<Measurement> Measured { get; } = [];

    /// <summary>Set once it has failed, after which it takes no more turns.</summary>
    public string? Failure { get; set; }

    public ContenderResult Result => new(Contender, Measured, Failure);

    public async Task StopAsync()
    {
        if (Running is null)
            return;
        await Running.DisposeAsync();
        Running = null;
    }
}
