using System.Text;
using ProxyKit.Identities;

namespace ProxyKit.Tests.Identities;

public sealed class ClaimSetTests
{
    private const string Json = """
        {"sub":"ann","exp":1300819380,"scope":"read:hamsters write:ants","n":null,"ok":true,"e":"a\u00e9\n","big":12345678901234567890,
         "realm":{"roles":["admin","clerk of works"],"deep":{"x":[1,[2,3]]}},"https://a.example/roles":["r1"],"a.b":"dotted","a":{"b":"path"},"aud":[]}
        """;

    [Theory]
    [InlineData("sub", "ann")]
    [InlineData("exp", "1300819380")]
    [InlineData("ok", "true")]
    [InlineData("e", "aé\n")]
    [InlineData("big", "12345678901234567890")]
    [InlineData("realm.roles[0]", "admin")]
    [InlineData("realm.roles[1]", "clerk of works")]
    [InlineData("realm.deep.x[1][0]", "2")]
    [InlineData("realm.deep.x", "[1,[2,3]]")]
    [InlineData("https://a.example/roles", """["r1"]""")]
    [InlineData("https://a.example/roles[0]", null)]
    [InlineData(@"https://a\.example/roles[0]", "r1")]
    [InlineData("a.b", "dotted")]
    [InlineData("$.a.b", "path")]
    [InlineData(@"$.a\.b", "dotted")]
    [InlineData("n", null)]
    [InlineData("realm.roles[2]", null)]
    [InlineData("sub.x", null)]
    [InlineData("missing", null)]
    public void Path_leads_to_a_claim(string path, string? expected) =>
        Assert.Equal(expected, Parse(Json).TryGet(path, out var value) ? value : null);

    [Theory]
    [InlineData("scope", "read:hamsters", true)]
    [InlineData("scope", "read:hamster", false)]
    [InlineData("scope", "hamsters", false)]
    [InlineData("realm.roles", "admin", true)]
    [InlineData("realm.roles", "clerk of works", true)]
    [InlineData("realm.roles", "clerk", false)]
    [InlineData("exp", "1300819380", true)]
    [InlineData("aud", "x", false)]
    public void Words_are_compared_whole(string path, string word, bool expected) => Assert.Equal(expected, Parse(Json).Contains(path, word));

    [Fact]
    public void Scopes_of_scp_count_too()
    {
        Assert.True(new ClientPrincipal("jwt", Parse("""{"scp":["a","b"]}""")).HasScope("b"));
        Assert.True(new ClientPrincipal("jwt", Parse("""{"scp":"a b"}""")).HasScope("b"));
        Assert.False(new ClientPrincipal("jwt", Parse("""{"scp":"ab"}""")).HasScope("b"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$.")]
    public void Path_that_is_none_is_refused(string path) => Assert.Throws<FormatException>(() => Parse("{}").TryGet(path, out _));

    /// <summary>Grammar lets half of a pair of escapes stand; it is no character, and what it stands in has no text.</summary>
    [Theory]
    [InlineData("""{"a":"\ud800","sub":"ann"}""", JsonVerdict.Valid)]
    [InlineData("""{"a\/b":1,"a":"\ud800"}""", JsonVerdict.EscapedName)]
    [InlineData("""{"a\ud800":1}""", JsonVerdict.EscapedName)]
    public void Half_of_a_pair_is_no_text(string json, object expected)
    {
        Assert.Equal((JsonVerdict)expected, ClaimSet.TryParse(Encoding.UTF8.GetBytes(json), out var claims));
        Assert.False(claims.TryGet("a", out _));
    }

    private static ClaimSet Parse(string json)
    {
        Assert.Equal(JsonVerdict.Valid, ClaimSet.TryParse(Encoding.UTF8.GetBytes(json), out var claims));
        return claims;
    }
}
