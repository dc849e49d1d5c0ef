using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>Debian's HAProxy with a configuration, for as long as a case runs.</summary>
internal sealed class HAProxyProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _file;
    private readonly Task<string> _messages;

    private HAProxyProcess(Process process, string file)
    {
        _process = process;
        _file = file;
        _messages = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It refused the configuration; the message is its own.</exception>
    public static async Task<IAsyncDisposable> StartAsync(string program, string config, int port)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, config);
        var process = Process.Start(new ProcessStartInfo(program, ["-db", "-f", file]) { RedirectStandardError = true })!; // a file it is given starts
        var started = new HAProxyProcess(process, file);
        Stillness.Include(process);
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (process.HasExited)
            {
                Stillness.Exclude(process);
                throw new InvalidOperationException($"haproxy refused the configuration: {await started._messages}");
            }

            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
                return started;
            }
            catch (SocketException)
            {
                await Task.Delay(10, patience.Token); // another process tells by nothing else that it listens
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stillness.Exclude(_process);
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_file);
    }
}
