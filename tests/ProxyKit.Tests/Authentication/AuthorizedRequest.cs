using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Authentication;

/// <summary>Requests that bring credentials.</summary>
internal static class AuthorizedRequest
{
    /// <param name="credentials">The value of its field <c>Authorization</c>.</param>
    public static RuleContext With(string credentials)
    {
        var bytes = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a.example\r\nAuthorization: {credentials}\r\n\r\n");
        var request = new RequestHead();
        var parser = new RequestHeadParser();
        parser.Start(request, bytes, 0);
        parser.Parse(bytes.Length);
        return new RuleContext { Request = request };
    }
}
