using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Conformance.Rules;

/// <summary>What becomes of replies that formats make longer than a message can be: nobody gets a part of one.</summary>
public abstract class ReplySizeTests(Carrier carrier) : ProxyTest(carrier)
{
    private const string Twice = "%[url]%[url]"; // of a target of 9,000 bytes, which is more than a result can have

    [Theory]
    [InlineData("location")]
    [InlineData("prefix")]
    [InlineData("cookie")]
    [InlineData("field")]
    [InlineData("fields")]
    [InlineData("body")]
    [InlineData("response")]
    public async Task Reply_that_is_too_long_is_none(string what)
    {
        await StartAsync(OkOrigin(), f =>
        {
            _ = what == "response"
                ? f.OnRequest(rules => rules.SetVariable("txn.url", Value.Parse("url")))
                    .OnResponse(rules => rules.Redirect(RedirectOptions.To(Value.Format("%[var(txn.url)]%[var(txn.url)]"))))
                : f.OnRequest(rules => _ = what switch
                {
                    "location" => rules.Redirect(RedirectOptions.To(Value.Format(Twice))),
                    "prefix" => rules.Redirect(RedirectOptions.Prefix(Value.Format("%[url]"))),
                    "cookie" => rules.Redirect(RedirectOptions.To("/") with { Cookie = Value.Format("A=" + Twice) }),
                    "field" => rules.Return(Reply.Empty().WithHeader("X-A", Value.Format(Twice))),
                    "fields" => rules.Return(Reply.Empty().WithHeader("X-A", Value.Format("%[url]")).WithHeader("X-B", Value.Format("%[url]"))),
                    _ => rules.Return(Reply.Format(Value.Format(Twice, use: FormatUse.Raw), "text/plain")),
                });
            f.OnAfterResponse(rules => rules.SetHeader("X-After", Value.Format("%[status]")));
        });
        var client = await ConnectAsync();

        await client.SendAsync($"GET /{new string('a', 9000)} HTTP/1.1", "Host: a", "", "");
        var response = await client.ReadResponseAsync();

        Assert.Equal((500, "500"), (response.Status, response["X-After"]));
        Assert.Equal(500, (await LoggedAsync()).Status);

        await client.SendAsync("GET /b HTTP/1.1", "Host: a", "", "");
        Assert.NotEqual(500, (await client.ReadResponseAsync()).Status); // on the same connection
    }

    [Fact]
    public async Task Hint_that_is_too_long_is_an_edit_that_cannot_be_made()
    {
        await StartAsync(OkOrigin(), f => f.OnRequest(rules => rules
            .StrictMode(false, Match.Path("/b"))
            .EarlyHint("Link", Value.Format(Twice + Twice))));
        var client = await ConnectAsync();

        await client.SendAsync($"GET /{new string('a', 9000)} HTTP/1.1", "Host: a", "", "");
        Assert.Equal(500, (await client.ReadResponseAsync()).Status);

        await client.SendAsync($"GET /b?{new string('a', 9000)} HTTP/1.1", "Host: a", "", "");
        Assert.Equal("ok", (await client.ReadResponseAsync()).Text); // without the hint
    }
}

public sealed class ReplySizeOverSocketsTests() : ReplySizeTests(Carrier.Sockets);

public sealed class ReplySizeInMemoryTests() : ReplySizeTests(Carrier.Memory);
