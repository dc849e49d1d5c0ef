using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using ProxyKit.Metering.Journals;
using ProxyKit.Tool.Running;

namespace ProxyKit.Tool.Tests.Running;

public sealed partial class RunTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private readonly int _port = FreePorts.Next();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Requests_are_served_and_told_on_the_output()
    {
        await using var origin = Answering("hello");
        await using var tool = ToolProcess.Start("-V", "-f", _folder.WriteGood(_port, origin.Port, "log stdout local0\n  option httplog"));
        await tool.ListensAsync();

        Assert.Equal("hello", await GetAsync());

        await tool.SignalAsync("TERM");
        Assert.Equal(143, await tool.ExitAsync());
        Assert.Matches(@"^127\.0\.0\.1:\d+ \[[^]]+\] web app/s1 \d+/\d+/\d+/\d+/\d+ 200 .* ""GET / HTTP/1\.1""\n$", tool.Output);
    }

    [Theory]
    [InlineData("INT", "-db", 130)]
    [InlineData("TERM", "-db", 143)]
    [InlineData("TERM", "-W", 0)]
    public async Task Stop_signals_end_the_process_with_the_exit_code_of_HAProxy(string signal, string mode, int expected)
    {
        await using var tool = ToolProcess.Start("-V", mode, "-f", _folder.WriteGood(_port, 1));
        await tool.ListensAsync();

        await tool.SignalAsync(signal);

        Assert.Equal(expected, await tool.ExitAsync());
    }

    [Fact]
    public async Task Usr1_lets_a_slow_request_end_takes_no_other_and_returns_0()
    {
        var answer = new TaskCompletionSource();
        await using var origin = WireOrigin.Start(async exchange =>
        {
            await answer.Task;
            await exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Length: 4", "", "slow");
        });
        await using var tool = ToolProcess.Start("-V", "-f", _folder.WriteGood(_port, origin.Port));
        await tool.ListensAsync();
        var slow = GetAsync();
        await origin.RequestAsync().InTimeAsync();

        await tool.SignalAsync("USR1");
        await tool.SaysAsync("Stopping: no more clients are accepted, 1 connection(s) are left.");
        await ListenersAsync(0);
        await Assert.ThrowsAsync<HttpRequestException>(GetAsync);
        answer.SetResult();

        Assert.Equal("slow", await slow.InTimeAsync());
        Assert.Equal(0, await tool.ExitAsync());
    }

    [Fact]
    public async Task Term_breaks_off_what_Usr1_waits_for()
    {
        var answer = new TaskCompletionSource();
        await using var origin = WireOrigin.Start(_ => answer.Task);
        await using var tool = ToolProcess.Start("-V", "-f", _folder.WriteGood(_port, origin.Port));
        await tool.ListensAsync();
        var slow = GetAsync();
        await origin.RequestAsync().InTimeAsync();
        await tool.SignalAsync("USR1");
        await tool.SaysAsync("Stopping: ");

        await tool.SignalAsync("TERM");

        Assert.Equal(143, await tool.ExitAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => slow.InTimeAsync());
        answer.SetResult();
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("USR2")]
    public async Task Reload_puts_a_good_file_to_use_and_leaves_a_bad_one_alone(string signal)
    {
        await using var first = Answering("first");
        await using var second = Answering("second");
        var file = _folder.WriteGood(_port, first.Port);
        await using var tool = ToolProcess.Start("-V", "-f", file);
        await tool.ListensAsync();
        Assert.Equal("first", await GetAsync());

        _folder.Write(ConfigurationFolder.Good(_port, second.Port, "bnd :1"));
        await tool.SignalAsync(signal);
        await tool.SaysAsync("Loading failure! The running configuration goes on.");
        Assert.Contains($"parsing [{file}:8] : unknown keyword 'bnd' in 'frontend' section", tool.Errors, StringComparison.Ordinal);
        Assert.Equal("first", await GetAsync());

        _folder.WriteGood(_port, second.Port);
        await tool.SignalAsync(signal);
        await tool.SaysAsync("Loading success.");
        Assert.Equal("second", await GetAsync());
    }

    [Fact]
    public async Task Reload_with_an_address_that_is_taken_keeps_the_running_configuration()
    {
        await using var origin = Answering("first");
        using var taken = Take(out var takenPort);
        await using var tool = ToolProcess.Start("-V", "-f", _folder.WriteGood(_port, origin.Port));
        await tool.ListensAsync();

        _folder.WriteGood(takenPort, origin.Port);
        await tool.SignalAsync("HUP");
        await tool.SaysAsync("Loading failure!");

        Assert.Contains("Binding failed : frontend \"web\"", tool.Errors, StringComparison.Ordinal);
        Assert.Equal("first", await GetAsync());
    }

    [Fact]
    public async Task Journal_of_another_process_is_no_address_that_is_taken()
    {
        await using var origin = Answering("first");
        await using var journal = UsageJournal.Open(_folder.PathOf("usage"));
        var metered = ConfigurationFolder.Good(_port, origin.Port) + $"metering\n  journal {_folder.PathOf("usage")}\n  count-by src\n";
        var (exitCode, _, errors) = await ToolProcess.RunAsync("-f", _folder.Write(metered));

        Assert.Equal(1, exitCode);
        Assert.Contains("usage", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Binding failed", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("listened on", errors, StringComparison.Ordinal);

        await using var tool = ToolProcess.Start("-V", "-f", _folder.WriteGood(_port, origin.Port));
        await tool.ListensAsync();
        _folder.Write(metered);
        await tool.SignalAsync("HUP");
        await tool.SaysAsync("Loading failure!");

        Assert.DoesNotContain("Binding failed", tool.Errors, StringComparison.Ordinal);
        Assert.Equal("first", await GetAsync());
    }

    [Fact]
    public async Task Address_that_is_taken_ends_the_start()
    {
        using var taken = Take(out var port);

        var (exitCode, _, errors) = await ToolProcess.RunAsync("-f", _folder.WriteGood(port, 1));

        Assert.Equal(1, exitCode);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"cannot bind socket (Address already in use) for [127.0.0.1:{port}]"), errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_file_ends_the_start_with_nothing_listening()
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("-f", _folder.WriteGood(_port, 1, "bnd :1"));

        Assert.Equal(1, exitCode);
        Assert.EndsWith("config : Fatal errors found in configuration.\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_output_that_takes_nothing_ends_nobody()
    {
        using var manager = Listening("notify");
        await using var origin = Answering("hello");
        var file = _folder.WriteGood(_port, origin.Port);
        await using var tool = ToolProcess.StartInShell(new() { ["NOTIFY_SOCKET"] = _folder.PathOf("notify") }, "2>/dev/full", ["-Ws", "-V", "-f", file]);
        Assert.StartsWith("READY=1\n", await HearAsync(manager), StringComparison.Ordinal);

        _folder.Write(ConfigurationFolder.Good(_port, origin.Port, "bnd :1"));
        await tool.SignalAsync("USR2"); // which has much to say
        Assert.StartsWith("RELOADING=1\n", await HearAsync(manager), StringComparison.Ordinal);
        Assert.StartsWith("READY=1\n", await HearAsync(manager), StringComparison.Ordinal);
        Assert.Equal("hello", await GetAsync());

        await tool.SignalAsync("USR1");
        Assert.Equal(0, await tool.ExitAsync());
    }

    [Fact]
    public async Task Outputs_that_nobody_reads_hold_no_client_up()
    {
        using var manager = Listening("notify");
        await using var origin = Answering("hello");
        var file = _folder.WriteGood(_port, origin.Port, "log stdout local0\n  option httplog");
        await using var tool = ToolProcess.StartUnread(new() { ["NOTIFY_SOCKET"] = _folder.PathOf("notify") }, ["-Ws", "-f", file]);
        Assert.StartsWith("READY=1\n", await HearAsync(manager), StringComparison.Ordinal);

        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/{new string('a', 4000)}"));
        for (var i = 0; i < 200; i++) // whose lines are more than a pipe holds
        {
            Assert.Equal("hello", await _client.GetStringAsync(address, TestContext.Current.CancellationToken).InTimeAsync());
        }

        await tool.SignalAsync("TERM");
        Assert.Equal(0, await tool.ExitAsync());
    }

    [Fact]
    public async Task Usr1_without_hard_stop_after_waits_longer_than_the_time_of_programs()
    {
        var file = _folder.WriteGood(_port, 1);
        await using var tool = ToolProcess.Start("-V", "-f", file);
        await tool.ListensAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        await tool.SignalAsync("USR1");

        await tool.SaysAsync(" connections have 24.00:00:00 to end");
        await tool.SignalAsync("TERM");
        Assert.Equal(143, await tool.ExitAsync());
    }

    [Fact]
    public async Task Pid_file_names_the_process_once_it_listens()
    {
        await using var tool = ToolProcess.Start("-W", "-D", "-p", _folder.PathOf("pid"), "-f", _folder.WriteGood(_port, 1));
        await tool.SaysAsync("Loading success.");

        Assert.Equal($"{tool.Id}\n", await File.ReadAllTextAsync(_folder.PathOf("pid"), TestContext.Current.CancellationToken));
        Assert.Contains("'-D' runs in the foreground: a .NET process cannot fork.", tool.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pid_file_that_cannot_be_written_ends_the_start()
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("-p", _folder.PathOf("none/pid"), "-f", _folder.WriteGood(_port, 1));

        Assert.Equal(1, exitCode);
        Assert.Contains("Cannot create pidfile ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_manager_hears_of_start_reload_and_end()
    {
        using var manager = Listening("notify");
        await using var tool = ToolProcess.Start(
            new() { ["NOTIFY_SOCKET"] = _folder.PathOf("notify") }, ["-Ws", "-f", _folder.WriteGood(_port, 1)]);
        var id = string.Create(CultureInfo.InvariantCulture, $"MAINPID={tool.Id}\n");

        Assert.StartsWith($"READY=1\n{id}", await HearAsync(manager), StringComparison.Ordinal);
        await tool.SignalAsync("USR2");
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+\n", await HearAsync(manager));
        Assert.StartsWith($"READY=1\n{id}", await HearAsync(manager), StringComparison.Ordinal);
        await tool.SignalAsync("USR1");
        Assert.StartsWith("STOPPING=1\n", await HearAsync(manager), StringComparison.Ordinal);
        Assert.Equal(0, await tool.ExitAsync());
    }

    [Fact]
    public async Task Handover_leaves_the_old_process_its_requests_and_gives_the_new_one_all_others()
    {
        var answer = new TaskCompletionSource();
        await using var old = WireOrigin.Start(async exchange =>
        {
            await answer.Task;
            await exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Length: 3", "", "old");
        });
        await using var next = Answering("new");
        await using var first = ToolProcess.Start("-V", "-f", _folder.WriteGood(_port, old.Port));
        await first.ListensAsync();
        var slow = GetAsync();
        await old.RequestAsync().InTimeAsync();

        await using var second = ToolProcess.Start(
            "-V", "-f", _folder.WriteGood(_port, next.Port, name: "b.cfg"), "-sf", first.Id.ToString(CultureInfo.InvariantCulture));
        await second.ListensAsync();
        await ListenersAsync(1);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("new", await GetAsync());
        }

        answer.SetResult();
        Assert.Equal("old", await slow.InTimeAsync());
        Assert.Equal(0, await first.ExitAsync());
        Assert.Equal("new", await GetAsync());
    }

    [Fact]
    public async Task Handover_with_st_ends_the_old_process_at_once_and_minds_no_stranger_that_is_gone()
    {
        await using var first = ToolProcess.Start("-V", "-f", _folder.WriteGood(_port, 1));
        await first.ListensAsync();

        await using var second = ToolProcess.Start(
            "-W", "-f", _folder.WriteGood(_port, 1), "-st", first.Id.ToString(CultureInfo.InvariantCulture), "2147483646");

        Assert.Equal(143, await first.ExitAsync());
        await second.SaysAsync("Loading success.");
        Assert.Contains("Process 2147483646 could not be told to leave : ", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_kept_to_one_process_is_refused_to_the_next()
    {
        await using var first = ToolProcess.Start("-V", "-dR", "-f", _folder.WriteGood(_port, 1));
        await first.ListensAsync();

        var (exitCode, _, errors) = await ToolProcess.RunAsync("-f", _folder.WriteGood(_port, 1));

        Assert.Equal(1, exitCode);
        Assert.Contains("Binding failed : ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_of_the_environment_stand_in_addresses()
    {
        await using var origin = Answering("hello");
        var file = _folder.Write(ConfigurationFolder.Good(_port, origin.Port).Replace(
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}"), "\"127.0.0.1:${GATEWAY_PORT}\"", StringComparison.Ordinal));
        await using var tool = ToolProcess.Start(
            new() { ["GATEWAY_PORT"] = _port.ToString(CultureInfo.InvariantCulture) }, ["-V", "-f", file]);
        await tool.ListensAsync();

        Assert.Equal("hello", await GetAsync());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Descriptor_that_was_opened_by_the_parent_is_listened_on()
    {
        await using var origin = Answering("hello");
        int descriptor;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, _port));
            socket.Listen();
            descriptor = Duplicate((int)socket.Handle); // which children inherit, as .NET's own they do not
        }

        using var ours = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        var file = _folder.Write(ConfigurationFolder.Good(_port, origin.Port).Replace(
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}"),
            string.Create(CultureInfo.InvariantCulture, $"fd@{descriptor}"),
            StringComparison.Ordinal));
        await using var tool = ToolProcess.Start("-V", "-f", file);
        await tool.ListensAsync();

        Assert.Equal("hello", await GetAsync());

        await tool.SignalAsync("HUP");
        await tool.SaysAsync("Loading success.");
        Assert.Equal("hello", await GetAsync());
    }

    /// <summary>A service manager's socket.</summary>
    private Socket Listening(string name)
    {
        var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(_folder.PathOf(name)));
        return manager;
    }

    private static async Task<string> HearAsync(Socket manager)
    {
        var buffer = new byte[1024];
        var length = await manager.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken).InTimeAsync();
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static WireOrigin Answering(string text) =>
        WireOrigin.Answering("HTTP/1.1 200 OK", string.Create(CultureInfo.InvariantCulture, $"Content-Length: {text.Length}"), "", text);

    private static Socket Take(out int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        port = ((IPEndPoint)socket.LocalEndPoint!).Port; // bound: it has one
        return socket;
    }

    /// <summary>Waits until so many sockets listen on the port. The system tells nobody when one closes, so it has to be asked.</summary>
    private async Task ListenersAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Count(e => e.Port == _port) != count)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private Task<string> GetAsync() =>
        _client.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/")), TestContext.Current.CancellationToken);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor);
}
