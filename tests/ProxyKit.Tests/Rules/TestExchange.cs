using System.Net;
using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

/// <summary>An exchange that has received its request's head and gone no further.</summary>
internal sealed class TestExchange : HttpExchange
{
    private TestExchange() => Context = new RuleContext { Exchange = this, Request = Request, Session = new RuleSession() };

    /// <summary>What rules are asked about when they are asked about this.</summary>
    public RuleContext Context { get; }

    public override string FrontendName => "public";

    public override string? BackendName => null;

    public override string? ServerName => null;

    /// <summary>The exchange of a head written as lines, without the empty line at its end.</summary>
    public static TestExchange Of(params string[] lines)
    {
        var exchange = new TestExchange();
        var bytes = Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\r\n")) + "\r\n");
        var parser = new RequestHeadParser { MaxHeadBytes = bytes.Length + 1 };
        parser.Start(exchange.Request, bytes, 0);
        Assert.Equal(ParseResult.Complete(bytes.Length), parser.Parse(bytes.Length));
        return exchange;
    }

    /// <summary>The exchange of a request for a target: GET, and OPTIONS for <c>*</c>, which nothing else may ask for.</summary>
    public static TestExchange For(string target, string host = "a.example") =>
        Of($"{(target == "*" ? "OPTIONS" : "GET")} {target} HTTP/1.1", $"Host: {host}");

    /// <summary>The exchange of a GET request with one more field.</summary>
    public static TestExchange With(string field) => Of("GET / HTTP/1.1", "Host: a.example", field);

    /// <summary>The same exchange, come from an address.</summary>
    public TestExchange From(string address)
    {
        ClientEndPoint = new IPEndPoint(IPAddress.Parse(address), 50_000);
        Context.Session.Source = ClientEndPoint;
        return this;
    }

    /// <summary>The same exchange, come over TLS.</summary>
    public TestExchange OverTls()
    {
        IsSecure = Context.Session.IsSecure = true;
        return this;
    }
}
