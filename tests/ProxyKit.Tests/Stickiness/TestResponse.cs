using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Stickiness;

/// <summary>Heads of responses that tests write down.</summary>
internal static class TestResponse
{
    public static ResponseHead Of(params string[] fields)
    {
        var head = new ResponseHead();
        var bytes = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{string.Concat(fields.Select(static f => f + "\r\n"))}\r\n");
        var parser = new ResponseHeadParser { MaxHeadBytes = bytes.Length + 1 };
        parser.Start(head, bytes, 0, RequestMethod.Get);
        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes.Length).Status);
        return head;
    }
}
