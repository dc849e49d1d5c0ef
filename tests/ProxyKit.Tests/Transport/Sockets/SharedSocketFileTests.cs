using System.Net.Sockets;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tests.Transport.Sockets;

/// <summary>Unix sockets that the next process listens on before the one before it leaves.</summary>
public sealed class SharedSocketFileTests : IDisposable
{
    private readonly SocketTransport _transport = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-shared-").FullName;

    private UnixDomainSocketEndPoint Address => new(Path.Combine(_folder, "a.sock"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Next_one_takes_the_place_and_keeps_it_when_the_one_before_leaves()
    {
        var first = Listen();
        await AssertReachedAsync(first);
        using (var second = Listen())
        {
            await AssertReachedAsync(second);
            first.Dispose();
            await AssertReachedAsync(second);
            Assert.Equal(["a.sock"], Files());
            Assert.Equal(Address.ToString(), second.LocalEndPoint?.ToString());
        }

        Assert.Empty(Files());
    }

    [Fact]
    public async Task One_that_never_waits_for_a_client_puts_the_one_before_back()
    {
        using (var first = Listen())
        {
            await AssertReachedAsync(first);
            Listen().Dispose(); // a later address of its start cannot be listened on

            await AssertReachedAsync(first);
            Assert.Equal(["a.sock"], Files());
        }

        Assert.Empty(Files());
    }

    [Fact]
    public async Task File_of_the_next_one_is_told_from_ours_whatever_its_time()
    {
        var first = Listen();
        await AssertReachedAsync(first);
        var time = File.GetLastWriteTimeUtc(Address.ToString());
        using var second = Listen();
        await AssertReachedAsync(second);
        File.SetLastWriteTimeUtc(Address.ToString(), time);

        first.Dispose();

        await AssertReachedAsync(second);
    }

    [Fact]
    public async Task File_that_was_touched_is_ours_all_the_same()
    {
        using (var listener = Listen())
        {
            await AssertReachedAsync(listener);
            File.SetLastWriteTimeUtc(Address.ToString(), DateTime.UnixEpoch);
        }

        Assert.Empty(Files());
    }

    [Fact]
    public void Folder_that_cannot_be_looked_into_any_more_does_not_break_the_end()
    {
        var folder = Path.Combine(_folder, "sub");
        Directory.CreateDirectory(folder);
        var listener = _transport.Listen(new ListenOptions { EndPoint = new UnixDomainSocketEndPoint(Path.Combine(folder, "a.sock")), SharesAddress = true });
        Directory.Move(folder, $"{folder}-moved");
        File.CreateSymbolicLink(folder, folder); // a link to itself cannot be followed by anybody, root included

        Assert.Null(Record.Exception(listener.Dispose));
    }

    [Fact]
    public async Task Socket_left_by_a_dead_process_is_replaced()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint($"{Address}.other"));
            File.Move($"{Address}.other", Address.ToString()); // closing it would delete the file, as a process that dies does not
        }

        using var listener = Listen();

        await AssertReachedAsync(listener);
        Assert.Equal(["a.sock"], Files());
    }

    [Fact]
    public void File_that_is_no_socket_is_left_alone()
    {
        File.WriteAllText(Address.ToString(), "keep me");

        var fault = Assert.Throws<IOException>(() => Listen());

        Assert.Contains("the address is already in use", fault.Message, StringComparison.Ordinal);
        Assert.Equal("keep me", File.ReadAllText(Address.ToString()));
        Assert.Equal(["a.sock"], Files());
    }

    [Fact]
    public void Folder_that_is_not_there_is_told() => Assert.Throws<IOException>(() => _transport.Listen(
        new ListenOptions { EndPoint = new UnixDomainSocketEndPoint(Path.Combine(_folder, "none", "a.sock")), SharesAddress = true }));

    private ITransportListener Listen() => _transport.Listen(new ListenOptions { EndPoint = Address, SharesAddress = true });

    private async Task AssertReachedAsync(ITransportListener listener)
    {
        using var pair = await SocketPair.MakeAsync(listener, new ConnectOptions { EndPoint = Address });
    }

    private string[] Files() => [.. Directory.GetFileSystemEntries(_folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
