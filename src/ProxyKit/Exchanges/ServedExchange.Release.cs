using ProxyKit.Backends;
using ProxyKit.Http1;

namespace ProxyKit.Exchanges;

/// <summary>What the exchange holds of a server, its client's tier and the pool, and when it gives that back.</summary>
internal sealed partial class ServedExchange
{
    private byte[]? _lastBytes; // the server's buffer with the end of its response, once the connection is another's

    /// <summary>Ahead of the response's last bytes, where all of the request was sent: the server is done with it, and its place is another's from here on, its
    /// connection too. A client that comes back as soon as it has those bytes finds them free, its own place too, and one that is slow to take them
    /// keeps nobody waiting.</summary>
    /// <returns>The fields behind the body, as far as clients get them.</returns>
    private ReadOnlyMemory<byte> EndServer(Http1Upstream upstream)
    {
        // A client that leaves now is no reason to break the server's connection off: many leave as soon as they have read the last byte.
        _down.StopWatching();
        var trailers = _policy.DropsResponseTrailers ? default : upstream.Trailers;
        if (!_requestSent)
        {
            return trailers;
        }

        if (upstream.Buffer.TryDetach(out _lastBytes))
        {
            trailers = trailers.IsEmpty ? default : trailers.ToArray(); // they lie where another request's will
            ReleaseUpstream(Termination.Normal);
        }

        _attempts.Leave();
        EndTier();
        return trailers;
    }

    /// <summary>Gives back what is not given back yet.</summary>
    private void ReleaseAll(Termination end)
    {
        if (_lastBytes is not null)
        {
            _path.Pool.Return(_lastBytes);
            _lastBytes = null;
        }

        ReleaseUpstream(end);
        EndCircuits(null); // where it came to no attempt
        _attempts.Leave(); // before a reply: a client that is slow to take it holds nobody's place
        EndTier(); // nor its own
    }

    /// <summary>Keeps the server's connection for another request where everything about it is in order, else closes it.</summary>
    private void ReleaseUpstream(Termination end)
    {
        var upstream = _upstream;
        if (upstream is null)
        {
            return;
        }

        (_bytesFromServer, _bytesToServer, _serverGlitches) = (upstream.BytesReceived, upstream.BytesSent, upstream.Glitches);
        if (_policy.Formats.AccessLog is not null)
        {
            (_serverSource, _serverAddress) = (upstream.Connection.LocalEndPoint, upstream.Connection.Destination);
            _lastConnection = upstream.Connection;
        }

        Interlocked.Exchange(ref _upstream, null); // before _clientLeft and _cut are read: who sets one breaks off what it then finds here
        if (end == Termination.Normal && _keepsServer && _requestSent && !_clientLeft && _cut == TerminationCause.None && !_discardsBody
            && upstream.TryEndExchange() && _attempts.Server is { } server && upstream.Uses <= (server.MaxReuse ?? int.MaxValue))
        {
            if (_backend!.Reuse == ConnectionReuse.Never || upstream.IsOfOneClient)
            {
                _sessionConnections.Add(server.State, upstream);
            }
            else
            {
                server.State.Keep(upstream);
            }

            return;
        }

        if (_pump is { IsCompleted: false })
        {
            upstream.Abort(); // the flow that still sends to it ends by this, and disposes of nothing
        }

        upstream.Dispose();
    }
}
