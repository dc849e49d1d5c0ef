using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway;

/// <summary>A server small enough for a sample: it believes its clients, so keep it behind a proxy.</summary>
internal static class SmallServer
{
    /// <summary>Starts a TCP server on a free port of this machine.</summary>
    /// <param name="serve">Serves one connection.</param>
    /// <returns>The address.</returns>
    public static string Start(Func<NetworkStream, Task> serve)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = AcceptAsync(listener, serve);
        return $"{listener.LocalEndpoint}";
    }

    /// <summary>Starts an HTTP server on a free port of this machine.</summary>
    /// <param name="answer">Answers one request on its connection.</param>
    /// <returns>The address.</returns>
    public static string StartHttp(Func<SmallRequest, NetworkStream, Task> answer) => Start(async connection =>
    {
        using var reader = new StreamReader(connection, Encoding.Latin1, leaveOpen: true);
        while (await SmallRequest.ReadAsync(reader) is { } request)
        {
            await answer(request, connection);
        }
    });

    /// <summary>Writes a whole response.</summary>
    public static async Task AnswerAsync(NetworkStream response, string type, string text, HttpStatusCode status = HttpStatusCode.OK)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var head = $"HTTP/1.1 {(int)status} {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n";
        await response.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body]);
    }

    private static async Task AcceptAsync(TcpListener listener, Func<NetworkStream, Task> serve)
    {
        while (true)
        {
            _ = ServeAsync(await listener.AcceptTcpClientAsync(), serve);
        }
    }

    private static async Task ServeAsync(TcpClient client, Func<NetworkStream, Task> serve)
    {
        using (client)
        {
            try
            {
                await serve(client.GetStream());
            }
            catch (Exception e) when (e is IOException or System.Net.WebSockets.WebSocketException)
            {
                // The client has left.
            }
        }
    }
}

/// <summary>A request's head; its body has been read and dropped.</summary>
internal sealed class SmallRequest(string method, string target, Dictionary<string, string> fields)
{
    public string Method => method;

    public string Target => target;

    /// <summary>A header field's value; empty where there is none.</summary>
    public string this[string name] => fields.GetValueOrDefault(name, "");

    public static async Task<SmallRequest?> ReadAsync(StreamReader reader)
    {
        if ((await reader.ReadLineAsync())?.Split(' ') is not [var method, var target, _])
        {
            return null;
        }

        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line && line.Split(':', 2) is [var name, var value])
        {
            fields[name] = value.Trim();
        }

        var request = new SmallRequest(method, target, fields);
        if (int.TryParse(request["Content-Length"], out var length))
        {
            await reader.ReadBlockAsync(new char[length]);
        }

        return request;
    }
}
