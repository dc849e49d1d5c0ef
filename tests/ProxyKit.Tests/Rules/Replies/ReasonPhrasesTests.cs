using System.Text;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Tests.Rules.Replies;

public sealed class ReasonPhrasesTests
{
    [Theory]
    [InlineData(103, "Early Hints")]
    [InlineData(199, "Informational")]
    [InlineData(200, "OK")]
    [InlineData(299, "Success")]
    [InlineData(302, "Found")]
    [InlineData(399, "Redirection")]
    [InlineData(400, "Bad Request")]
    [InlineData(408, "Request Time-out")]
    [InlineData(413, "Request Entity Too Large")]
    [InlineData(414, "Request-URI Too Long")]
    [InlineData(416, "Requested range unsatisfiable")]
    [InlineData(417, "Expectation failed")]
    [InlineData(418, "I'm a teapot")]
    [InlineData(422, "Unprocessable Content")]
    [InlineData(499, "Client Error")]
    [InlineData(502, "Bad Gateway or Proxy Error")]
    [InlineData(504, "Gateway Time-out")]
    [InlineData(505, "HTTP Version not supported")]
    [InlineData(520, "Web server is returning an unknown error")]
    [InlineData(599, "Server Error")]
    [InlineData(600, "Other")]
    [InlineData(999, "Other")]
    public void A_status_has_the_phrase_that_HAProxy_gives_it(int status, string phrase) =>
        Assert.Equal(phrase, Encoding.ASCII.GetString(ReasonPhrases.For(status)));
}
