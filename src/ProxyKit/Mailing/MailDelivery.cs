using System.Globalization;
using System.Net;
using System.Text;
using ProxyKit.Transport;

namespace ProxyKit.Mailing;

/// <summary>Hands one mail to one mailer (RFC 5321).</summary>
internal sealed class MailDelivery(ITransport transport, WorkLimit limit)
{
    private const int LongestAnswer = 4 * 1024; // of several lines, each of up to 512 bytes (RFC 5321 §4.5.3.1.5)
    private const int MostShown = 100;

    private readonly byte[] _answer = new byte[LongestAnswer]; // mails are few
    private int _length;

    /// <summary>Hands it over.</summary>
    /// <returns>Why that could not be done, for people; null where it was.</returns>
    public async Task<string?> RunAsync(Mail mail, EndPoint mailer)
    {
        var result = await transport.ConnectAsync(new ConnectOptions { EndPoint = mailer }, limit.Token).ConfigureAwait(false);
        if (result.Connection is not { } connection)
        {
            return limit.Token.IsCancellationRequested ? TimedOut(mail) : $"there is no connection to it ({result.Error})";
        }

        using (connection)
        {
            limit.Watch(connection);
            var fault = await ConverseAsync(mail, connection).ConfigureAwait(false);
            limit.Watch(null);
            return fault is not null && limit.Token.IsCancellationRequested ? TimedOut(mail) : fault;
        }
    }

    private async Task<string?> ConverseAsync(Mail mail, Connection connection)
    {
        foreach (var (command, agreement) in mail.Dialogue)
        {
            if (command.Length > 0 && await SendAsync(connection, command).ConfigureAwait(false))
            {
                return "it closed the connection";
            }

            if (!await ReceiveAsync(connection).ConfigureAwait(false))
            {
                return _length == LongestAnswer ? "its answer has no end" : "it closed the connection";
            }

            if (_answer[0] != agreement)
            {
                return $"it answered '{Shown()}'";
            }
        }

        await SendAsync(connection, "QUIT\r\n").ConfigureAwait(false);
        await ReceiveAsync(connection).ConfigureAwait(false); // it has the mail, whatever it says now
        return null;
    }

    /// <returns>Whether that has failed.</returns>
    private static async ValueTask<bool> SendAsync(Connection connection, string text) =>
        (await connection.SendAsync(Encoding.Latin1.GetBytes(text)).ConfigureAwait(false)).HasError;

    /// <summary>Receives an answer, all its lines. What comes behind the last one, unasked, is passed over.</summary>
    private async ValueTask<bool> ReceiveAsync(Connection connection)
    {
        _length = 0;
        while (!IsWhole(_answer.AsSpan(0, _length)))
        {
            if (_length == LongestAnswer)
            {
                return false;
            }

            var received = await connection.ReceiveAsync(_answer.AsMemory(_length)).ConfigureAwait(false);
            if (received.HasError || received.IsEnd)
            {
                return false;
            }

            _length += received.Bytes;
        }

        return true;
    }

    /// <summary>The last line has no hyphen behind its number (RFC 5321 §4.2.1).</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        while (answer.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (end < 4 || answer[3] != '-')
            {
                return true;
            }

            answer = answer[(end + 1)..];
        }

        return false;
    }

    private string Shown()
    {
        var line = _answer.AsSpan(0, _length);
        line = line[..line.IndexOfAny((byte)'\r', (byte)'\n')]; // it has an end, as it is whole
        return MailText.Of(Encoding.Latin1.GetString(line[..Math.Min(line.Length, MostShown)]));
    }

    private static string TimedOut(Mail mail) => string.Create(CultureInfo.InvariantCulture, $"it took longer than {mail.Alert.Limit.TotalSeconds} s");
}
