namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>What begins the connections that are the proxy's own, such as those of checks: no client is behind them.</summary>
internal static class OwnHeader
{
    private static readonly byte[] Local = [.. ProxyHeaderBinary.Signature, ProxyHeaderBinary.Version | ProxyHeaderBinary.Local, 0, 0, 0];

    /// <summary>The header of a version. Version 1 has no word for it, and tells the connection's own addresses.</summary>
    public static byte[] Of(ProxyProtocolVersion version, Connection connection)
    {
        if (version == ProxyProtocolVersion.Binary)
        {
            return Local;
        }

        Span<byte> line = stackalloc byte[ProxyHeaderText.Longest];
        return line[..new ProxyHeaderWriter(line).WriteLine(connection.LocalEndPoint, connection.RemoteEndPoint)].ToArray();
    }
}
