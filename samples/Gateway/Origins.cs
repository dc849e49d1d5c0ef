using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Gateway;

/// <summary>The servers behind the gateway. Each starts on a free port and gives its address.</summary>
internal static class Origins
{
    public static string Web(string name) => SmallServer.StartHttp((request, response) =>
        SmallServer.AnswerAsync(response, "text/plain", $"{name} answers {request.Method} {request.Target}\n"));

    public static string Api(string name) => SmallServer.StartHttp((request, response) =>
        SmallServer.AnswerAsync(
            response,
            "application/json",
            $$"""
            {"server":"{{name}}","target":"{{request.Target}}","client":"{{request["X-Forwarded-For"]}}","scheme":"{{request["X-Forwarded-Proto"]}}"}

            """));

    /// <summary>Server-sent events, one a second, until nobody listens any more.</summary>
    public static string Ticks() => SmallServer.StartHttp(async (_, response) =>
    {
        await response.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"u8.ToArray());
        for (var tick = 1; ; tick++)
        {
            await response.WriteAsync(Encoding.UTF8.GetBytes($"data: tick {tick}\n\n"));
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    });

    /// <summary>A WebSocket that greets and then sends back what it gets.</summary>
    public static string Chat() => SmallServer.StartHttp(async (request, response) =>
    {
        if (request["Sec-WebSocket-Key"] is not { Length: > 0 } key)
        {
            await SmallServer.AnswerAsync(response, "text/plain", "This is a WebSocket.\n");
            return;
        }

#pragma warning disable CA5350 // RFC 6455 says SHA-1; nothing is kept secret by it
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await response.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
        using var socket = WebSocket.CreateFromStream(response, new WebSocketCreationOptions { IsServer = true });
        await socket.SendAsync("Say something, and it comes back."u8.ToArray(), WebSocketMessageType.Text, true, default);
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, default) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, default);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    });

    /// <summary>Plain TCP: what comes in goes back.</summary>
    public static string Echo() => SmallServer.Start(client => client.CopyToAsync(client));
}
