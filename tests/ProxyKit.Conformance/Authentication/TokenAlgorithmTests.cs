namespace ProxyKit.Conformance.Authentication;

/// <summary>By which algorithms tokens may be signed: GW2-05, GW2-06 and GW2-08.</summary>
public sealed class TokenAlgorithmTests : BearerTest
{
    private static readonly string Secret = new('s', 64); // as long as the longest algorithm needs it (RFC 7518 §3.2)

    /// <summary>GW2-05 and 06: algorithms are those of the key, or fewer.</summary>
    [Theory]
    [InlineData("RS256", 200)]
    [InlineData("RS384", 200)]
    [InlineData("RS512", 200)]
    [InlineData("PS256", 200)]
    [InlineData("PS384", 200)]
    [InlineData("PS512", 200)]
    [InlineData("RS384", 401, "RS256", "HS256")]
    [InlineData("RS256", 200, "RS256", "HS256")]
    public async Task Algorithms_are_those_of_the_key_or_fewer(string algorithm, int status, params string[] allowed)
    {
        await StartAsync(jwt => jwt.Algorithm(allowed));

        Assert.Equal(status, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(), algorithm)}"));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Key_on_a_curve_verifies_by_the_algorithm_of_its_curve(string algorithm)
    {
        using var key = TestKey.Curve("k1", algorithm);
        await StartAsync(jwt => jwt.KeyFile(Files.Write("curve.pem", key.Pem)));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {key.Sign(Claims())}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {key.Sign(Claims(), algorithm == "ES256" ? "ES512" : "ES256")}"));
    }

    [Fact]
    public async Task Token_that_is_not_signed_is_refused()
    {
        await StartAsync();

        var none = $"{TestKey.Encode("""{"alg":"none"}""")}.{TestKey.Encode(Claims())}";

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {none}."));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {none}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {none}.YWI"));
    }

    /// <summary>GW2-08: a public key is never taken for a secret.</summary>
    [Fact]
    public async Task Public_key_is_never_taken_for_a_secret()
    {
        await StartAsync(jwt => jwt.Secret(new string('s', 32)));

        var forged = TestKey.Sign(Claims(), System.Text.Encoding.UTF8.GetBytes(Key.Pem), header: """{"alg":"HS256","kid":"k1"}""");

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {forged}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {TestKey.Sign(Claims(), [.. Enumerable.Repeat((byte)'s', 32)])}"));
    }

    /// <summary>GW2-05: where some are named, no other is taken, whatever the key could do. These are those of the articles' library.</summary>
    [Fact]
    public async Task Algorithms_that_are_not_named_are_refused()
    {
        await StartAsync(jwt => jwt.Secret(Secret).Algorithm("RS256", "HS256", "HS512"), f => f.RefuseUnauthenticated(403, tellsReason: true));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims())}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Signed("HS256")}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Signed("HS512")}"));
        foreach (var token in (string[])[Key.Sign(Claims(), "RS384"), Key.Sign(Claims(), "RS512"), Key.Sign(Claims(), "PS256"), Signed("HS384")])
        {
            var refused = await AskAsync($"Authorization: Bearer {token}");
            Assert.Equal((403, "The algorithm of the token is not allowed.\n"), (refused.Status, refused.Text));
        }
    }

    /// <summary>GW2-06: those of secrets.</summary>
    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task Secret_verifies_what_it_has_signed(string algorithm)
    {
        await StartAsync(jwt => jwt.Secret(Secret));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Signed(algorithm)}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {TestKey.Sign(Claims(), new byte[64], algorithm)}"));
    }

    /// <summary>GW2-07: the name of a key is not the key.</summary>
    [Fact]
    public async Task Signature_of_another_key_is_refused()
    {
        await StartAsync(frontend: f => f.RefuseUnauthenticated(403, tellsReason: true));
        using var other = TestKey.Rsa(Key.Id);

        var refused = await AskAsync($"Authorization: Bearer {other.Sign(Claims())}");

        Assert.Equal((403, "The signature of the token is wrong.\n"), (refused.Status, refused.Text));
        Assert.Empty(Web!.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Secret_is_all_of_a_file_but_for_its_line_end(string end)
    {
        var secret = new string('s', 31) + " ";
        await StartAsync(jwt => jwt.SecretFile(Files.Write("jwt.secret", secret + end)));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {TestKey.Sign(Claims(), System.Text.Encoding.UTF8.GetBytes(secret))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {TestKey.Sign(Claims(), System.Text.Encoding.UTF8.GetBytes(secret + "\n"))}"));
    }

    private string Signed(string algorithm) => TestKey.Sign(Claims(), System.Text.Encoding.ASCII.GetBytes(Secret), algorithm);
}
