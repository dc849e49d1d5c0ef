using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Transport.Sockets;

/// <summary>The portable transport: System.Net.Sockets on every platform .NET runs on.</summary>
public sealed class SocketTransport : ITransport
{
    private static bool _usesEventLoops;

    /// <summary>
    /// Runs what follows a socket's event on the thread that learnt of it, one event loop for each processor, instead of handing it to the thread
    /// pool. For a process that does nothing but proxying: it spares two changes of thread a request, which is about a third of what a small
    /// request costs. Call it first thing in <c>Main</c>, before any socket is used; it sets <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS</c>,
    /// and <c>DOTNET_ThreadPool_UnfairSemaphoreSpinLimit</c> so that the pool, which has next to nothing to do then, does not spin for work.
    /// A proxy that starts later also collects garbage once, when its configuration is loaded and before it listens.
    /// </summary>
    /// <remarks>It concerns every socket of the process, those of HttpClient and Kestrel too. A condition or strategy that blocks then holds
    /// up an event loop and all its connections, as it would in any event-driven proxy; so leave it out where such code may run.</remarks>
    public static void UseEventLoops()
    {
        _usesEventLoops = true;
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

        // What is left to the thread pool is the tick of the timers, after each of which a worker would look for more work 70 times over.
        Environment.SetEnvironmentVariable("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0");
    }

    /// <summary>Has what a configuration became lie together in memory, not scattered among what was needed to read it: what a request goes through is
    /// then in fewer lines of the processor's cache. Of no effect where the process is not the proxy's own.</summary>
    internal static void PutHeapTogether()
    {
        if (_usesEventLoops)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }
    }

    /// <inheritdoc/>
    public ITransportListener Listen(ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SocketListener(options);
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectResult> ConnectAsync(ConnectOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Socket? socket = null;
        try
        {
            socket = Open(options);
            SocketMarks.Set(socket, options.Marks);
            if (options.EndPoint is UnixDomainSocketEndPoint unix && !File.Exists(unix.ToString()))
            {
                // .NET reports the missing path as an unavailable address, which would read as a shortage of ours.
                socket.Dispose();
                return ConnectResult.Failed(TransportError.Refused);
            }

            await socket.ConnectAsync(options.EndPoint, cancellationToken).ConfigureAwait(false);
            SocketMarks.Set(socket, options.Marks); // again: only now is it certain of which family the peer is
            return ConnectResult.Made(new SocketConnection(socket));
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            return ConnectResult.Failed(e.SocketErrorCode.ToTransportError());
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            return ConnectResult.Failed(TransportError.Aborted);
        }
    }

    private static Socket Open(ConnectOptions options)
    {
        if (options.EndPoint is UnixDomainSocketEndPoint)
        {
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        }

        var socket = options.EndPoint.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            ? new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (options.Interface is { } name)
            {
                SocketMarks.BindToInterface(socket, name);
            }

            if (options.Source is { } source)
            {
                socket.Bind(source);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return socket;
    }
}
