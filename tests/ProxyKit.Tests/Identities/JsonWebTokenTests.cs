using System.Text;
using ProxyKit.Identities;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Identities;

public sealed class JsonWebTokenTests
{
    public static TheoryData<string> Examples => [.. Vectors.All.Select(static v => v.Name)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Examples_of_the_standards_are_verified(string name)
    {
        var (_, key, token) = Vectors.All.Single(v => v.Name == name);

        Assert.True(IsSignedBy(token, key));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Examples_of_the_standards_with_one_bit_changed_are_not(string name)
    {
        var (_, key, token) = Vectors.All.Single(v => v.Name == name);
        var middle = token.LastIndexOf('.') + 5;
        var changed = $"{token[..middle]}{(token[middle] == 'A' ? 'B' : 'A')}{token[(middle + 1)..]}";

        Assert.False(IsSignedBy(changed, key));
    }

    [Theory]
    [InlineData("", AuthenticationFault.MalformedCredentials)]
    [InlineData("abc", AuthenticationFault.MalformedCredentials)]
    [InlineData("a.b", AuthenticationFault.MalformedCredentials)]
    [InlineData("..", AuthenticationFault.MalformedCredentials)]
    [InlineData("e30.e30.", AuthenticationFault.MalformedCredentials)] // no algorithm
    [InlineData("e30.e30.a.b", AuthenticationFault.MalformedCredentials)]
    [InlineData("e30.a.b.c.d", AuthenticationFault.EncryptedToken)]
    [InlineData("e30.a.b.c.d.e", AuthenticationFault.MalformedCredentials)]
    [InlineData("e3 0.e30.YWI", AuthenticationFault.MalformedCredentials)]
    [InlineData("e30=.e30.YWI", AuthenticationFault.MalformedCredentials)]
    [InlineData("e+0.e30.YWI", AuthenticationFault.MalformedCredentials)]
    public void Text_that_is_no_token_is_refused(string text, AuthenticationFault expected) => Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("""{"alg":"none"}""", AuthenticationFault.UnsupportedAlgorithm)]
    [InlineData("""{"alg":"None"}""", AuthenticationFault.UnsupportedAlgorithm)]
    [InlineData("""{"alg":"EdDSA"}""", AuthenticationFault.UnsupportedAlgorithm)]
    [InlineData("""{"alg":"hs256"}""", AuthenticationFault.UnsupportedAlgorithm)]
    [InlineData("""{"alg":""}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"alg":256}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"alg":["HS256"]}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"alg":"HS256","alg":"none"}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"alg":"HS256","\u0061lg":"none"}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""", AuthenticationFault.CriticalExtension)]
    [InlineData("""{"alg":"HS256","b64":false}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"alg":"dir","enc":"A128GCM"}""", AuthenticationFault.EncryptedToken)]
    [InlineData("""{"alg":"HS256","zip":"DEF"}""", AuthenticationFault.EncryptedToken)]
    [InlineData("""{"alg":"HS256","kid":7}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"alg":"HS256","kid":"a"}""", AuthenticationFault.None)]
    [InlineData("""{"alg":"HS256","jwk":{"kty":"oct","k":"YQ"},"jku":"http://evil","x5u":"http://evil"}""", AuthenticationFault.None)] // not looked at
    [InlineData("""{"alg":"HS256"} x""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""["HS256"]""", AuthenticationFault.MalformedCredentials)]
    public void Header_is_read_to_the_letter(string header, AuthenticationFault expected) =>
        Assert.Equal(expected, Read($"{TestKey.Encode(header)}.e30.YWI"));

    [Fact]
    public void Header_that_is_deep_or_has_many_members_is_refused()
    {
        var deep = $$"""{"alg":"HS256","x":{{new string('[', 40)}}{{new string(']', 40)}}}""";
        var wide = $"{{{string.Join(',', Enumerable.Range(0, 200).Select(static i => $"\"a{i}\":1"))}}}";

        Assert.Equal(AuthenticationFault.MalformedCredentials, Read($"{TestKey.Encode(deep)}.e30.YWI"));
        Assert.Equal(AuthenticationFault.MalformedCredentials, Read($"{TestKey.Encode(wide)}.e30.YWI"));
    }

    [Theory]
    [InlineData("""{"sub":"a","sub":"b"}""", AuthenticationFault.DuplicateClaim)]
    [InlineData("""{"realm":{"r":1,"r":2}}""", AuthenticationFault.DuplicateClaim)]
    [InlineData("""{"a":[{"r":1,"r":2}]}""", AuthenticationFault.DuplicateClaim)]
    [InlineData("""{"sub":"a","\u0073ub":"b"}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"sub":"a",}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"exp":01}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"exp":NaN}""", AuthenticationFault.MalformedCredentials)]
    [InlineData("text", AuthenticationFault.MalformedCredentials)]
    [InlineData("""{"https:\/\/a\/b":1}""", AuthenticationFault.None)]
    public void Claims_are_read_to_the_letter(string claims, AuthenticationFault expected)
    {
        var buffer = new byte[1000];
        Assert.Equal(
            AuthenticationFault.None,
            JsonWebToken.TryRead(Encoding.ASCII.GetBytes($"{TestKey.Encode("""{"alg":"HS256"}""")}.{TestKey.Encode(claims)}.YWI"), buffer, out var token));

        Assert.Equal(expected, token.TryReadClaims(out _));
    }

    [Fact]
    public void Hostile_bytes_never_throw()
    {
        var random = new Random(5);
        var good = Encoding.ASCII.GetBytes(Vectors.All[1].Token);
        var buffer = new byte[good.Length];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good[..random.Next(good.Length)];
            for (var edits = random.Next(4); edits > 0 && bytes.Length > 0; edits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (JsonWebToken.TryRead(bytes, buffer, out var token) == AuthenticationFault.None)
            {
                token.TryReadClaims(out _);
            }
        }
    }

    private static AuthenticationFault Read(string token) =>
        JsonWebToken.TryRead(Encoding.ASCII.GetBytes(token), new byte[JsonWebToken.BufferLength(token.Length)], out _);

    private static bool IsSignedBy(string text, string jwk)
    {
        var key = Assert.Single(JsonWebKeys.Parse(Encoding.UTF8.GetBytes(jwk), allowsSecrets: true));
        var buffer = new byte[text.Length];
        Assert.Equal(AuthenticationFault.None, JsonWebToken.TryRead(Encoding.ASCII.GetBytes(text), buffer, out var token));
        Assert.True(key.Allows(token.Algorithm));
        return token.IsSignedBy(key, new byte[text.Length]);
    }
}
