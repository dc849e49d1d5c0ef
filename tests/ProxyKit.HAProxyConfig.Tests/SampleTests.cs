namespace ProxyKit.HAProxyConfig.Tests;

public sealed class SampleTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RepositoryTree.PathOf("samples", "haproxy"), "*.cfg").Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Sample_is_read_and_started(string file)
    {
        var result = HAProxyConfiguration.Load(RepositoryTree.PathOf("samples", "haproxy", file));
        Assert.True(result.IsValid, result.ToString());
        Assert.Empty(result.Warnings());

        // The same proxy on ports that are free here: what rules name is looked up at the start.
        foreach (var frontend in result.Options.Frontends)
        {
            var binds = frontend.Binds.Count;
            frontend.Binds.Clear();
            for (var i = 0; i < binds; i++)
            {
                frontend.Binds.Add(new Frontends.BindOptions { Address = "127.0.0.1:0" });
            }
        }

        await using var proxy = Proxy.Create(result.Options);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(proxy.EndPoints);
    }
}
