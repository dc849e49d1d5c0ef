using System.Net.Sockets;
using System.Text;
using ProxyKit.Tool.Messages;
using ProxyKit.Tool.Running;

namespace ProxyKit.Tool.Tests.Running;

public sealed class ReloadsTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fault_that_nobody_knows_ends_one_reload_and_none_of_the_next()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.PathOf("notify")));
        using var text = new StringWriter { NewLine = "\n" };
        var outcomes = new Queue<Func<Task<bool>>>(
            [static () => throw new InvalidOperationException("no idea"), static () => Task.FromResult(false), static () => Task.FromResult(true)]);
        var reloads = new Reloads(() => outcomes.Dequeue()(), new MessageWriter(text, isQuiet: false), new ServiceManager(_folder.PathOf("notify")));

        _ = reloads.Begin();
        _ = reloads.Begin();
        await reloads.Begin().InTimeAsync();

        var said = text.ToString();
        Assert.Contains(") : The configuration could not be read again : System.InvalidOperationException: no idea", said, StringComparison.Ordinal);
        Assert.Equal(2, said.Split("Loading failure! The running configuration goes on.").Length - 1);
        Assert.EndsWith(" : Loading success.\n", said, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            Assert.StartsWith("RELOADING=1\n", Heard(), StringComparison.Ordinal);
            Assert.StartsWith("READY=1\n", Heard(), StringComparison.Ordinal);
        }

        string Heard()
        {
            Assert.True(socket.Available > 0, "the manager was told less");
            var buffer = new byte[1024];
            return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
        }
    }
}
