namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Receives a header, and no byte beyond it.</summary>
internal static class ProxyHeaderReader
{
    /// <summary>Receives it, however it was split on its way; the caller limits the time by breaking the connection off.</summary>
    /// <param name="connection">The connection, of which nothing was received yet.</param>
    /// <param name="pool">Lends the buffer, once there is something to receive; its size is what a header may have at most.</param>
    /// <param name="netScalerMagic">The number that the header of a NetScaler begins with, where it has to be one of these.</param>
    /// <returns>The header, or why there is none.</returns>
    public static async ValueTask<ProxyHeaderStep> ReceiveAsync(Connection connection, BufferPool pool, uint? netScalerMagic = null)
    {
        if (!connection.MayHaveData())
        {
            await connection.WaitForDataAsync().ConfigureAwait(false);
        }

        var buffer = pool.RentHead();
        try
        {
            var length = 0;
            while (true)
            {
                var step = netScalerMagic is { } magic
                    ? NetScalerHeader.Parse(buffer.AsSpan(0, length), magic, buffer.Length)
                    : ProxyHeaderParser.Parse(buffer.AsSpan(0, length), buffer.Length);
                if (step.IsOver)
                {
                    return step;
                }

                var received = await connection.ReceiveAsync(buffer.AsMemory(length, step.Needed)).ConfigureAwait(false);
                if (received.HasError || received.IsEnd)
                {
                    var fault = received.HasError ? ProxyHeaderFault.Aborted : length == 0 ? ProxyHeaderFault.Empty : ProxyHeaderFault.Truncated;
                    return ProxyHeaderStep.Failed(netScalerMagic is null ? fault : NetScalerHeader.FaultOf(fault));
                }

                length += received.Bytes;
            }
        }
        finally
        {
            pool.Return(buffer);
        }
    }
}
