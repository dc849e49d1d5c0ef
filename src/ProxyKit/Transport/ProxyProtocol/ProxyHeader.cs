using System.Net;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>What a PROXY protocol header has told of a connection: whose it is in truth.</summary>
/// <param name="source">Where the client is; null where the header says nothing of it, and what the socket says counts.</param>
/// <param name="destination">Where the client has connected to, likewise.</param>
/// <param name="fields">The type-length-value fields of version 2, as they came; they add up.</param>
internal sealed class ProxyHeader(EndPoint? source, EndPoint? destination, byte[] fields)
{
    /// <summary>One that says nothing: the sender speaks for itself.</summary>
    public static ProxyHeader Local { get; } = new(null, null, []);

    public EndPoint? Source => source;

    public EndPoint? Destination => destination;

    /// <summary>Finds the next field of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="start">Where to begin; behind the field that was found when this returns.</param>
    /// <param name="value">Its value.</param>
    public bool TryFind(byte type, scoped ref int start, out ReadOnlySpan<byte> value)
    {
        while (ProxyField.TryRead(fields, ref start, out var found, out value))
        {
            if (found == type)
            {
                return true;
            }
        }

        return false;
    }
}
