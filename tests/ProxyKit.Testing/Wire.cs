using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Xunit;

namespace ProxyKit.Testing;

/// <summary>One end of a byte stream, spoken and read as text (Latin 1, so that every byte is a character). Whatever does not
/// happen within <see cref="Patience.Limit"/> fails the test instead of hanging it. One reader and one writer at a time.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Action _shutdownSend, _reset;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start, _end; // what was received and not read yet

    /// <summary>Speaks over a stream.</summary>
    /// <param name="stream">The stream; reset connections show as <see cref="SocketError.ConnectionReset"/> inside an IOException.</param>
    /// <param name="shutdownSend">Ends this direction and leaves the other open.</param>
    /// <param name="reset">Breaks the connection off.</param>
    public Wire(Stream stream, Action shutdownSend, Action reset)
    {
        _stream = stream;
        _shutdownSend = shutdownSend;
        _reset = reset;
    }

    /// <summary>What was received and not read yet.</summary>
    public string Unread => Encoding.Latin1.GetString(_buffer, _start, _end - _start);

    /// <summary>Speaks over a connected socket, which it owns from now on.</summary>
    public static Wire Over(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return new Wire(
            new NetworkStream(socket, ownsSocket: true),
            () => socket.Shutdown(SocketShutdown.Send),
            () =>
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0);
                }
                catch (ObjectDisposedException)
                {
                    // The script has ended and closed it a moment ago.
                }

                socket.Dispose();
            });
    }

    /// <summary>The text of lines: joined by CRLF, and none after the last, so that it can be a body.</summary>
    public static string Text(params string[] lines) => string.Join("\r\n", lines);

    /// <summary>Encrypts from here on, as the client.</summary>
    public async Task<Wire> SecureAsync(SslClientAuthenticationOptions options)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        using var patience = new CancellationTokenSource(Patience.Limit);
        await tls.AuthenticateAsClientAsync(options, patience.Token);
        return Secured(tls);
    }

    /// <summary>Encrypts from here on, as the server.</summary>
    public async Task<Wire> SecureAsync(SslServerAuthenticationOptions options)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        using var patience = new CancellationTokenSource(Patience.Limit);
        await tls.AuthenticateAsServerAsync(options, patience.Token);
        return Secured(tls);
    }

    /// <summary>The name that was asked for where this is the server's side of an encrypted connection; empty for none.</summary>
    public string AskedName => (_stream as SslStream)?.TargetHostName ?? "";

    /// <summary>The application protocol that was agreed on; empty where there is none.</summary>
    public string AgreedProtocol => (_stream as SslStream)?.NegotiatedApplicationProtocol.ToString() ?? "";

    /// <summary>Sends text.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes) =>
        InTimeAsync($"sending {bytes.Length} bytes", Patience.Limit, async cancellation =>
        {
            await _stream.WriteAsync(bytes, cancellation);
            await _stream.FlushAsync(cancellation);
            return true;
        });

    /// <summary>Ends this direction; what the peer sends can still be read.</summary>
    public void ShutdownSend() => _shutdownSend();

    /// <summary>Breaks the connection off with a reset.</summary>
    public void Reset() => _reset();

    /// <summary>Reads as many bytes as <paramref name="text"/> has and compares, as far as they have come.</summary>
    public async Task ExpectAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        while (true)
        {
            var unread = Unread;
            var length = Math.Min(text.Length, unread.Length);
            if (!text.AsSpan(0, length).SequenceEqual(unread.AsSpan(0, length)))
            {
                Assert.Fail($"Expected:\n{Visible(text)}\n\nbut received:\n{Visible(unread)}");
            }

            if (length == text.Length)
            {
                Take(length);
                return;
            }

            if (!await ReceiveAsync($"expecting\n{Visible(text)}"))
            {
                Assert.Fail($"Expected:\n{Visible(text)}\n\nbut the stream ended after:\n{Visible(unread)}");
            }
        }
    }

    /// <summary>Expects an orderly end, and nothing before it.</summary>
    public async Task ExpectClosedAsync()
    {
        if (_end > _start || await ReceiveAsync("expecting the end of the stream"))
        {
            Assert.Fail($"Expected the end of the stream, but received:\n{Visible(Unread)}");
        }
    }

    /// <summary>Expects a reset; what came before it is read over.</summary>
    public async Task ExpectResetAsync()
    {
        try
        {
            while (await ReceiveAsync("expecting a reset"))
            {
                // The reset comes after what was on its way.
            }
        }
        catch (IOException e) when (IsReset(e))
        {
            return;
        }

        Assert.Fail($"Expected a reset, but the stream ended in order after:\n{Visible(Unread)}");
    }

    /// <summary>Reads a head, up to and including its empty line; null when the stream ends before its first byte.</summary>
    /// <param name="mayIdle">Whether the first byte may take as long as it likes.</param>
    public async Task<string?> ReadHeadAsync(bool mayIdle = false)
    {
        int end;
        while ((end = Unread.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (await ReceiveAsync("reading a head", mayIdle && _start == _end))
            {
                continue;
            }

            return _start == _end ? null : throw new IOException($"The stream ended inside a head:\n{Visible(Unread)}");
        }

        return Encoding.Latin1.GetString(Take(end + 4));
    }

    /// <summary>Reads a line, without its CRLF.</summary>
    public async Task<string> ReadLineAsync()
    {
        int end;
        while ((end = Unread.IndexOf("\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!await ReceiveAsync("reading a line"))
            {
                throw new IOException($"The stream ended inside a line:\n{Visible(Unread)}");
            }
        }

        return Encoding.Latin1.GetString(Take(end + 2), 0, end);
    }

    /// <summary>Reads so many bytes.</summary>
    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count)
        {
            if (_start == _end && !await ReceiveAsync($"reading {count} bytes, {read} of which have come"))
            {
                throw new IOException($"The stream ended after {read} of {count} bytes.");
            }

            read += Take(bytes.AsSpan(read));
        }

        return bytes;
    }

    /// <summary>Reads what there is, waiting for at least a byte; empty at the end of the stream.</summary>
    public async Task<byte[]> ReadSomeAsync()
    {
        if (_start == _end)
        {
            await ReceiveAsync("reading");
        }

        return Take(_end - _start);
    }

    /// <summary>Reads all until the end of the stream.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        while (await ReceiveAsync("reading to the end of the stream"))
        {
            // Collected.
        }

        return Take(_end - _start);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or AuthenticationException)
        {
            // Broken already.
        }
    }

    internal static bool IsReset(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Text as an assertion shows it: control characters visible, and not endless.</summary>
    internal static string Visible(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 2000)))
        {
            _ = c switch
            {
                '\r' => shown.Append("\\r"),
                '\n' => shown.Append("\\n\n"),
                < ' ' or > '~' => shown.Append("\\x").Append(((int)c).ToString("x2", null)),
                _ => shown.Append(c),
            };
        }

        return text.Length > 2000 ? $"{shown}… ({text.Length} bytes)" : text.Length == 0 ? "(nothing)" : shown.ToString();
    }

    private static async Task<T> InTimeAsync<T>(
        string what, TimeSpan limit, Func<CancellationToken, ValueTask<T>> operation, Func<string>? soFar = null)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            return await operation(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            Assert.Fail($"{limit.TotalSeconds} s passed while {what}{(soFar is null ? "" : $"\n\nreceived so far:\n{soFar()}")}");
            throw;
        }
    }

    /// <summary>Adds what arrives to what is unread; false at the end of the stream.</summary>
    private async Task<bool> ReceiveAsync(string what, bool mayIdle = false)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await InTimeAsync(
            what,
            mayIdle ? Timeout.InfiniteTimeSpan : Patience.Limit,
            cancellation => _stream.ReadAsync(_buffer.AsMemory(_end), cancellation),
            () => Visible(Unread));
        _end += read;
        return read > 0;
    }

    private byte[] Take(int count)
    {
        var taken = new byte[count];
        Take(taken);
        return taken;
    }

    private Wire Secured(SslStream tls) => new(
        tls,
        () =>
        {
            tls.ShutdownAsync().Wait(Patience.Limit);
            _shutdownSend();
        },
        _reset);

    private int Take(Span<byte> bytes)
    {
        var count = Math.Min(bytes.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(bytes);
        _start += count;
        return count;
    }
}
