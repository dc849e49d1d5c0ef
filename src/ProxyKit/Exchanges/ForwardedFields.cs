using System.Net;
using ProxyKit.Http;

namespace ProxyKit.Exchanges;

/// <summary>Tells the server who the client was.</summary>
internal static class ForwardedFields
{
    private const int LongestAddress = 65; // what IPAddress.TryFormat may need, a scope id included

    /// <summary>Adds the wanted fields. What the client sent of X-Forwarded-For and Forwarded stays in front, as those are lists; what it sent of
    /// the other two is replaced, as it would be believed.</summary>
    public static void Add(RequestHead request, ForwardedHeaders wanted, IPAddress? client, bool isSecure)
    {
        var headers = request.Headers;
        if (client is { IsIPv4MappedToIPv6: true })
        {
            client = client.MapToIPv4();
        }

        if ((wanted & ForwardedHeaders.XForwardedFor) != 0 && client is not null)
        {
            Span<byte> address = stackalloc byte[LongestAddress];
            client.TryFormat(address, out var length);
            headers.Add("x-forwarded-for"u8, address[..length]);
        }

        if ((wanted & ForwardedHeaders.XForwardedProto) != 0)
        {
            headers.Set("x-forwarded-proto"u8, isSecure ? "https"u8 : "http"u8);
        }

        if ((wanted & ForwardedHeaders.XForwardedHost) != 0)
        {
            headers.RemoveAll("x-forwarded-host"u8);
            if (!request.HostBytes.IsEmpty)
            {
                headers.Add("x-forwarded-host"u8, request.HostBytes);
            }
        }

        if ((wanted & ForwardedHeaders.Forwarded) != 0)
        {
            var forwarded = new ForwardedWriter(stackalloc byte[ForwardedWriter.UsualLength]);
            forwarded.AddProto(isSecure);
            if (!request.HostBytes.IsEmpty)
            {
                forwarded.AddHost(request.HostBytes);
            }

            forwarded.AddNode("for"u8, client);
            headers.Add("forwarded"u8, forwarded.Written);
        }
    }
}
