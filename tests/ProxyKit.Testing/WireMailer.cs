using System.Net;
using System.Threading.Channels;
using ProxyKit.Transport;

namespace ProxyKit.Testing;

/// <summary>A server that takes mails (RFC 5321) and keeps all that it is told, mail by mail.</summary>
public sealed class WireMailer : IAsyncDisposable
{
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly Func<string, string?> _answer;
    private readonly WireOrigin _origin;

    private WireMailer(ITransport? transport, Func<string, string?> answer)
    {
        _answer = answer;
        _origin = transport is null ? WireOrigin.StartRaw(ConverseAsync) : WireOrigin.StartRaw(transport, new IPEndPoint(IPAddress.Loopback, 0), ConverseAsync);
    }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint => _origin.EndPoint;

    /// <summary>The address as configurations have it.</summary>
    public string Address => _origin.Address;

    /// <summary>How many connections were accepted so far.</summary>
    public int Connections => _origin.Connections;

    /// <summary>Starts one.</summary>
    /// <param name="transport">What carries the bytes; null for sockets.</param>
    /// <param name="answer">What it answers to a command, an empty one for its greeting and a dot for a mail; where that is null, what is usual.</param>
    public static WireMailer Start(ITransport? transport = null, Func<string, string?>? answer = null) => new(transport, answer ?? (static _ => null));

    /// <summary>Waits for another mail, or for the end of a connection that brought none: the lines that came. Mails that follow each other are told in their
    /// order; a connection that is broken off is told of when that has come to it.</summary>
    public async Task<string> MailAsync() => await _told.Reader.ReadAsync().InTimeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private async Task ConverseAsync(Wire wire)
    {
        var lines = new List<string>();
        var isTold = false;
        try
        {
            await AnswerAsync(wire, "", "220 hi");
            for (string? command = null; command != "QUIT";)
            {
                lines.Add(command = await wire.ReadLineAsync());
                if (command == "DATA")
                {
                    await AnswerAsync(wire, command, "354 go on");
                    while ((command = await wire.ReadLineAsync()) != ".")
                    {
                        lines.Add(command);
                    }

                    lines.Add(command);
                }

                if (command == "QUIT")
                {
                    isTold = true;
                    await TellAsync(lines); // before the client goes on to its next mail
                }

                await AnswerAsync(wire, command, command == "QUIT" ? "221 bye" : "250 ok");
            }
        }
        finally
        {
            if (!isTold)
            {
                await TellAsync(lines);
            }
        }
    }

    private ValueTask TellAsync(List<string> lines) => _told.Writer.WriteAsync(string.Join('\n', lines));

    private Task AnswerAsync(Wire wire, string command, string usual) => wire.SendAsync($"{_answer(command) ?? usual}\r\n");
}
