using ProxyKit.Runtime;

namespace ProxyKit.Tests.Metering;

public sealed class ProxyJournalsTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_journal_that_was_put_to_use_is_told_once_also_behind_the_stop()
    {
        var proxy = Proxy.Create(Options("a"));
        Assert.Empty(proxy.UsageJournals);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        await proxy.ReloadAsync(Options("b"), TestContext.Current.CancellationToken);
        await proxy.ReloadAsync(Options("a"), TestContext.Current.CancellationToken);
        var invalid = Options("c");
        invalid.Frontends[0].DefaultBackend = "nowhere";
        await Assert.ThrowsAsync<ProxyConfigurationException>(() => proxy.ReloadAsync(invalid, TestContext.Current.CancellationToken));

        await proxy.DisposeAsync();

        Assert.Equal(["a", "b"], proxy.UsageJournals.Select(static j => Path.GetFileName(j.Path)));
    }

    private ProxyOptions Options(string journal) => new ProxyBuilder()
        .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
        .AddBackend("web", static b => b.AddServer("web1", "127.0.0.1:1"))
        .AddMetering(m => m.Journal(Path.Combine(_folder.Root, journal)).CountBy(Value.Parse("src")))
        .Build();
}
