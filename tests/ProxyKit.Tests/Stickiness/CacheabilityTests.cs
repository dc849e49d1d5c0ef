using System.Text;
using ProxyKit.Http;
using ProxyKit.Stickiness;

namespace ProxyKit.Tests.Stickiness;

/// <summary>What HAProxy 2.6 takes for cacheable, case by case as it was asked.</summary>
public sealed class CacheabilityTests
{
    [Theory]
    [InlineData("GET", 200, "", false, false)]
    [InlineData("GET", 200, "Expires: 0", true, true)]
    [InlineData("GET", 200, "ETag: 1", true, true)]
    [InlineData("HEAD", 200, "Last-Modified: x", true, true)]
    [InlineData("OPTIONS", 404, "ETag: 1", true, true)]
    [InlineData("TRACE", 410, "ETag: 1", true, true)]
    [InlineData("POST", 200, "ETag: 1", false, false)]
    [InlineData("PUT", 200, "ETag: 1", false, false)]
    [InlineData("GET", 302, "ETag: 1", false, false)]
    [InlineData("GET", 500, "ETag: 1", false, false)]
    [InlineData("GET", 200, "Cache-Control: max-age=5", true, true)]
    [InlineData("GET", 200, "Cache-Control: s-maxage=5", true, true)]
    [InlineData("GET", 200, "Cache-Control: max-age=0, s-maxage=5", false, false)]
    [InlineData("GET", 200, "Cache-Control: max-age=5, s-maxage=0", false, false)]
    [InlineData("GET", 200, "Cache-Control: public", false, false)]
    [InlineData("POST", 302, "ETag: 1;Cache-Control: public", true, true)]
    [InlineData("GET", 200, "ETag: 1;Cache-Control: no-store, public", true, true)]
    [InlineData("GET", 200, "ETag: 1;Cache-Control: public, no-store", false, false)]
    [InlineData("GET", 200, "ETag: 1;Cache-Control: PRIVATE", false, false)]
    [InlineData("GET", 200, "ETag: 1;Pragma: No-Cache", false, false)]
    [InlineData("GET", 200, "ETag: 1;Pragma: foo, no-cache", true, true)]
    [InlineData("GET", 200, "Cache-Control: max-age=5;Pragma: no-cache", false, false)]
    [InlineData("GET", 200, "Cache-Control: max-age=5, no-cache=\"set-cookie\"", true, false)]
    [InlineData("GET", 200, "Cache-Control: max-age=5, no-cache=\"Set-Cookie, x\"", true, false)]
    [InlineData("GET", 200, "Cache-Control: max-age=5, no-cache=\"x\"", true, true)]
    public void Response_may_be_kept_as_HAProxy_says(string method, int status, string fields, bool mayKeep, bool mayKeepCookies)
    {
        var response = TestResponse.Of([.. fields.Split(';', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(new Cacheability(mayKeep, mayKeepCookies), Cacheability.Of(RequestMethods.Parse(Encoding.ASCII.GetBytes(method)), status, response.Headers));
    }
}
