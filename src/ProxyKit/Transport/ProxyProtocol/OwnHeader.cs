namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>What begins the connections that are the proxy's own, such as those of checks: no client is behind them.</summary>
internal static class OwnHeader
{
    private const int LongestOfAddresses = 16 + 36; // what it begins with, and two addresses of IPv6 with their ports

    private static readonly byte[] Local = [.. ProxyHeaderBinary.Signature, ProxyHeaderBinary.Version | ProxyHeaderBinary.Local, 0, 0, 0];

    /// <summary>The header of a version. Version 1 has no word for it, and tells where the connection comes from and where it leads.</summary>
    /// <param name="version">The version.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="tellsAddresses">Whether version 2 tells these too, and no fields behind them.</param>
    public static byte[] Of(ProxyProtocolVersion version, Connection connection, bool tellsAddresses)
    {
        if (version == ProxyProtocolVersion.Binary)
        {
            return tellsAddresses ? OfAddresses(connection) : Local;
        }

        Span<byte> line = stackalloc byte[ProxyHeaderText.Longest];
        return line[..new ProxyHeaderWriter(line).WriteLine(connection.LocalEndPoint, connection.Destination)].ToArray();
    }

    private static byte[] OfAddresses(Connection connection)
    {
        Span<byte> header = stackalloc byte[LongestOfAddresses];
        var writer = new ProxyHeaderWriter(header);
        writer.Begin(connection.LocalEndPoint, connection.Destination);
        return header[..writer.Finish()].ToArray();
    }
}
