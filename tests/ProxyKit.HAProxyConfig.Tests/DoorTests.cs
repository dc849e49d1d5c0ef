using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProxyKit.HAProxyConfig.Tests;

public sealed class DoorTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.cfg");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Proxy_made_of_a_file_listens_and_is_reloaded_from_it()
    {
        File.WriteAllText(_path, "global\nmaxconn 77\nfrontend f\nbind 127.0.0.1:0\ntimeout client 1s\n");
        await using var proxy = Proxy.Create(p => p.AddHAProxyConfig(_path));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        Assert.Single(proxy.EndPoints);
        Assert.Equal(77, proxy.MaxConnections);

        File.WriteAllText(_path, "frontend f\nbind 127.0.0.1:0\nbind 127.0.0.1:0\ntimeout client 1s\n");
        await proxy.ReloadAsync(HAProxyConfiguration.Load(_path).GetOptionsOrThrow(), TestContext.Current.CancellationToken);
        Assert.Equal(2, proxy.EndPoints.Count);

        File.WriteAllText(_path, "frontend f\nbnd 127.0.0.1:0\n");
        Assert.Throws<HAProxyConfigurationException>(() => HAProxyConfiguration.Load(_path).GetOptionsOrThrow());
        Assert.Equal(2, proxy.EndPoints.Count);
    }

    [Fact]
    public void File_that_cannot_be_used_throws_with_all_messages_and_places()
    {
        File.WriteAllText(_path, "frontend f\nbnd :80\ndefault_backend b\n");

        var exception = Assert.Throws<HAProxyConfigurationException>(() => new ProxyBuilder().AddHAProxyConfig(_path));

        Assert.Equal(
            "The configuration cannot be used:\n"
            + $"- parsing [{_path}:2] : unknown keyword 'bnd' in 'frontend' section; did you mean 'bind' maybe ?\n"
            + $"- parsing [{_path}:3] : Proxy 'f': unable to find required default_backend: 'b'.",
            exception.Message);
    }

    [Fact]
    public void File_and_code_compose_one_proxy()
    {
        File.WriteAllText(_path, "frontend f\nbind 127.0.0.1:0\ntimeout client 1s\nbackend b\nstick-table type ip size 1k\n");

        var options = new ProxyBuilder()
            .MaxConnections(9)
            .DrainTimeout(TimeSpan.FromSeconds(3))
            .AddHAProxyConfig(_path)
            .AddBackend("c", b => b.AddServer("s", "10.0.0.1:80"))
            .Build();

        Assert.Equal(["b", "c"], options.Backends.Select(static b => b.Name));
        Assert.Equal("b", Assert.Single(options.StickTables).Name);
        Assert.Equal((9, TimeSpan.FromSeconds(3)), (options.MaxConnections!.Value, options.DrainTimeout));
    }

    [Theory]
    [InlineData("30s", 30_000)] // what it is without a word, too
    [InlineData("10s", 10_000)]
    [InlineData("0", 24 * 86_400_000)] // as good as for ever
    public void Time_to_end_that_a_file_says_takes_the_place_of_another(string time, int milliseconds)
    {
        File.WriteAllText(_path, $"global\nhard-stop-after {time}\nfrontend f\nbind 127.0.0.1:0\ntimeout client 1s\n");

        var options = new ProxyBuilder().DrainTimeout(TimeSpan.FromSeconds(3)).AddHAProxyConfig(_path).Build();

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), options.DrainTimeout);
    }

    [Fact]
    public void File_that_says_no_time_to_end_leaves_that_of_the_composition()
    {
        File.WriteAllText(_path, "frontend f\nbind 127.0.0.1:0\ntimeout client 1s\n");

        Assert.Equal(TimeSpan.FromSeconds(30), new ProxyBuilder().AddHAProxyConfig(_path).Build().DrainTimeout);
        Assert.Equal(TimeSpan.FromDays(24), HAProxyConfiguration.Load(_path).GetOptionsOrThrow().DrainTimeout);
    }

    [Fact]
    public void Everything_that_was_read_comes_into_the_composition()
    {
        var read = HAProxyConfiguration.Parse("global\nhard-stop-after 1s\nfrontend f\nbind 127.0.0.1:0\ntimeout client 1s\n");
        var said = read.GetOptionsOrThrow();
        var properties = typeof(ProxyOptions).GetProperties();
        Array.ForEach(properties, p => Fill(p, said));

        var options = new ProxyOptions();
        new ProxyBuilder().AddHAProxyConfig(read).Configure(o => options = o);

        Assert.Empty(properties.Where(p => !Values(p, said).SequenceEqual(Values(p, options))).Select(static p => p.Name));
    }

    [Fact]
    public async Task Mails_about_servers_start_with_the_file()
    {
        File.WriteAllText(
            _path,
            "mailers m\nmailer a 127.0.0.1:25\nfrontend f\nbind 127.0.0.1:0\ntimeout client 1s\nbackend b\ntimeout connect 1s\ntimeout server 1s\n"
            + "email-alert mailers m\nemail-alert from a@example.org\nemail-alert to b@example.org\nserver s 127.0.0.1:1\n");

        await using var proxy = Proxy.Create(p => p.AddHAProxyConfig(_path));

        await proxy.StartAsync(TestContext.Current.CancellationToken);
        Assert.Single(proxy.EndPoints);
    }

    [Fact]
    public async Task Host_starts_the_proxy_and_hears_the_messages()
    {
        File.WriteAllText(_path, "global\nchroot /x\nfrontend f\nbind 127.0.0.1:0\ntimeout client 1s\n");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        using var log = new LinesLoggerProvider();
        builder.Logging.AddProvider(log);
        builder.Services.AddHAProxyConfig(_path);
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Single(host.Services.GetRequiredService<Proxy>().EndPoints);
        Assert.Contains($"ProxyKit.HAProxyConfig Information {_path}:2: 'chroot' has no effect here: the program that ProxyKit runs in sees to it.", log.Lines);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Host_has_one_proxy_of_all_that_is_added()
    {
        File.WriteAllText(_path, "frontend f\nbind 127.0.0.1:0\ntimeout client 1s\n");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProxyKit(static proxy => proxy.AddFrontend("g", static f => f.Bind("127.0.0.1:0")));
        builder.Services.AddHAProxyConfig(_path);
        builder.Services.AddProxyKit(static (_, proxy) => proxy.MaxConnections(9));
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        var proxy = Assert.Single(host.Services.GetServices<Proxy>());
        Assert.Equal((2, 9), (proxy.EndPoints.Count, proxy.MaxConnections));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Files_that_number_proxies_by_their_order_compose()
    {
        var builder = new ProxyBuilder();
        foreach (var name in new[] { "a", "b" })
        {
            builder.AddHAProxyConfig(HAProxyConfiguration.Parse(
                $"defaults\ntimeout client 1s\ntimeout server 1s\ntimeout connect 1s\nbackend {name}1\nfrontend {name}2\nbind 127.0.0.1:0\n"));
        }

        Assert.Empty(Proxy.Check(builder.Build()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Number_that_a_file_gives_by_its_order_gives_way_to_one_that_is_said_whichever_comes_first(bool isSaidFirst)
    {
        const string Times = "defaults\ntimeout client 1s\ntimeout server 1s\ntimeout connect 1s\n";
        var byOrder = HAProxyConfiguration.Parse(Times + "backend a\nfrontend b\nbind 127.0.0.1:0\n");
        var said = HAProxyConfiguration.Parse(Times + "frontend c\nid 2\nbind 127.0.0.1:0\n");
        var builder = new ProxyBuilder();
        foreach (var result in isSaidFirst ? new[] { said, byOrder } : [byOrder, said])
        {
            builder.AddHAProxyConfig(result);
        }

        Assert.Empty(Proxy.Check(builder.AddBackend("d", static b => b.Id(1)).Build()));

        var alone = byOrder.GetOptionsOrThrow(); // as it was
        Assert.Equal((2, 1), (alone.Frontends[0].PreferredId, alone.Backends[0].PreferredId));
    }

    [Fact]
    public async Task Host_does_not_start_with_a_file_that_cannot_be_used()
    {
        File.WriteAllText(_path, "nope\n");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHAProxyConfig(_path);
        using var host = builder.Build();

        await Assert.ThrowsAsync<HAProxyConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Gives a property a value that it does not have by default; a list gets one element more.</summary>
    private static void Fill(PropertyInfo property, ProxyOptions options)
    {
        var type = property.PropertyType;
        if (property.CanWrite)
        {
            property.SetValue(options, Some(Nullable.GetUnderlyingType(type) ?? type));
            return;
        }

        var element = Assert.Single(type.GenericTypeArguments);
        Assert.Equal(typeof(IList<>).MakeGenericType(element), type);
        ((IList)property.GetValue(options)!).Add(Some(element));
    }

    private static object Some(Type type) =>
        type == typeof(int) ? 7
        : type == typeof(bool) ? true
        : type == typeof(TimeSpan) ? TimeSpan.FromDays(7)
        : type == typeof(string) ? "some"
        : RuntimeHelpers.GetUninitializedObject(type);

    private static IEnumerable<object?> Values(PropertyInfo property, ProxyOptions options) =>
        property.CanWrite ? [property.GetValue(options)] : ((IEnumerable)property.GetValue(options)!).Cast<object?>();

    private sealed class LinesLoggerProvider : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];
        private string _category = "";

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => new LinesLoggerProvider(_lines) { _category = categoryName };

        public LinesLoggerProvider()
        {
        }

        private LinesLoggerProvider(List<string> lines) => _lines = lines;

        public void Dispose()
        {
            // holds nothing
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{_category} {logLevel} {formatter(state, exception)}");
            }
        }
    }
}
