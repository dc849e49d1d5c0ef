using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Authentication;

/// <summary>A request that nobody sends, to ask a policy about.</summary>
internal sealed class PolicyProbe : HttpExchange
{
    private PolicyProbe()
    {
    }

    public override string FrontendName => "";

    public override string? BackendName => null;

    public override string? ServerName => null;

    /// <param name="request">A method and a target.</param>
    /// <exception cref="FormatException">It is no request.</exception>
    public static PolicyProbe Of(string request)
    {
        var probe = new PolicyProbe();
        var bytes = Encoding.Latin1.GetBytes($"{request} HTTP/1.1\r\nHost: a\r\n\r\n");
        var parser = new RequestHeadParser();
        parser.Start(probe.Request, bytes, 0);
        var result = parser.Parse(bytes.Length);
        return result.Status == ParseStatus.Complete && result.Consumed == bytes.Length
            ? probe
            : throw new FormatException($"'{request}' is no request: METHOD TARGET");
    }
}
