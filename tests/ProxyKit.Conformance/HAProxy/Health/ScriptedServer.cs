using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxyKit.Conformance.HAProxy.Health;

/// <summary>A server that does with each connection what its script says, and keeps what the first one brings that brings anything.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly StringBuilder _received = new(); // guarded by itself
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string[] _script;
    private Socket? _kept;
    private readonly Task _accepting;

    public ScriptedServer(string[] script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port; // bound

    /// <summary>What it brought.</summary>
    public string Received
    {
        get
        {
            lock (_received)
            {
                return _received.ToString();
            }
        }
    }

    /// <summary>Ends when something has come.</summary>
    public Task Heard => _heard.Task;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            for (var number = 0; ; number++)
            {
                var socket = await _listener.AcceptAsync(_end.Token);
                var script = _script[Math.Min(number, _script.Length - 1)];
                serving.Add(Task.Run(() => ServeAsync(socket, script)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket, string script)
    {
        using (socket)
        {
            try
            {
                foreach (var part in script.Split("||"))
                {
                    if (!part.StartsWith('>') && !await ReceiveAsync(socket))
                    {
                        return;
                    }

                    if (part == "-")
                    {
                        break;
                    }

                    if (part == "~")
                    {
                        await Task.Delay(Timeout.Infinite, _end.Token);
                    }

                    await socket.SendAsync(Encoding.Latin1.GetBytes(part.TrimStart('>')), _end.Token);
                }

                socket.Shutdown(SocketShutdown.Send);
                while (await ReceiveAsync(socket))
                {
                    // to the end of what it has to say
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The proxy has heard enough.
            }
        }
    }

    private async Task<bool> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer, _end.Token);
        if (count > 0 && (Interlocked.CompareExchange(ref _kept, socket, null) ?? socket) == socket)
        {
            lock (_received)
            {
                _received.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }

            _heard.TrySetResult();
        }

        return count > 0;
    }
}
