using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Resolvers;

/// <summary>Asks one nameserver.</summary>
/// <param name="label">Who it is, as <c>group/nameserver</c>.</param>
/// <param name="endPoint">Where it is.</param>
/// <param name="usesTcp">Whether it is asked over TCP from the first.</param>
/// <param name="maxPayload">How large an answer over UDP may be.</param>
internal sealed class Nameserver(string label, IPEndPoint endPoint, bool usesTcp, int maxPayload)
{
    /// <summary>So many messages that answer something else are passed over; a stranger who guesses has to be quicker than that.</summary>
    private const int MostStrangers = 64;

    /// <summary>Asks.</summary>
    /// <param name="question">What.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The answer; null where none came, for whatever reason.</returns>
    public async Task<DnsAnswer?> AskAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = usesTcp ? null : await AskByUdpAsync(question, cancellationToken).ConfigureAwait(false);
            if (usesTcp || answer is { Status: DnsStatus.Truncated })
            {
                answer = await AskByTcpAsync(question, cancellationToken).ConfigureAwait(false);
            }

            return answer is null ? null : answer with { By = label };
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>A socket of its own for each question has a port that nobody can foresee, and hears of nobody but the nameserver.</summary>
    private async Task<DnsAnswer?> AskByUdpAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(question.Message, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(maxPayload);
        try
        {
            for (var i = 0; i < MostStrangers; i++)
            {
                var length = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
                if (DnsAnswerReader.Read(buffer.AsSpan(0, length), question) is { } answer)
                {
                    return answer;
                }
            }

            return DnsAnswer.Other;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>RFC 7766: the same message behind its length.</summary>
    private async Task<DnsAnswer?> AskByTcpAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)question.Message.Length);
            question.Message.CopyTo(buffer.AsMemory(2));
            await SendAsync(socket, buffer.AsMemory(0, 2 + question.Message.Length), cancellationToken).ConfigureAwait(false);
            if (!await TryReceiveAsync(socket, buffer.AsMemory(0, 2), cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            var message = buffer.AsMemory(0, BinaryPrimitives.ReadUInt16BigEndian(buffer));
            if (!await TryReceiveAsync(socket, message, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            var answer = DnsAnswerReader.Read(message.Span, question);
            return answer is null or { Status: DnsStatus.Truncated } ? DnsAnswer.Other : answer; // of another question, or cut off here too
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    private static async Task<bool> TryReceiveAsync(Socket socket, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var length = await socket.ReceiveAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (length == 0)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }
}
