namespace ProxyKit.Tests.Authentication;

public sealed class ApiKeySetTests : IDisposable
{
    private static readonly string Hash = ApiKeySet.HashOf("the-key");

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Keys_are_read_from_lines() => Assert.Equal(2, Load("# keys", "", $"{Hash} acme", $"  {ApiKeySet.HashOf("other")}  zoo {{\"plan\": \"gold\"}} ").Count);

    [Theory]
    [InlineData("the-key-itself", "a key's hash and whose it is are expected")]
    [InlineData("the-key-itself acme", "the hash of a key is a SHA-256, of 64 hexadecimal digits")]
    [InlineData("HASH acme the-key-itself", "the claims are no object in JSON")]
    [InlineData("HASH acme {\"the-key-itself\":1,\"the-key-itself\":2}", "the claims are no object in JSON")]
    [InlineData("HASH acme [\"the-key-itself\"]", "the claims are no object in JSON")]
    [InlineData("HASH acme {\"a\":\"the-key-itself\\ud800\"}", "the claims are no object in JSON")]
    [InlineData(
        "HASH acme {\"the-key-itself\\\"\":1}", "the claims are too many, lie too deep in each other, or have names with quotes or control characters")]
    public void Line_that_is_none_is_told_by_its_number_and_not_quoted(string line, string fault)
    {
        var refused = Assert.Throws<FormatException>(() => Load("# keys", "", line.Replace("HASH", Hash, StringComparison.Ordinal)));

        Assert.Equal($"line 3: {fault}", refused.Message);
        Assert.DoesNotContain("the-key-itself", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Key_that_stands_in_two_lines_is_told(bool isUpper)
    {
        var again = isUpper ? Hash.ToUpperInvariant() : Hash;

        var refused = Assert.Throws<FormatException>(() => Load($"{Hash} acme", $"{again} zoo"));

        Assert.Equal("line 2: the key is there already, in a line before", refused.Message);
    }

    private ApiKeySet Load(params string[] lines)
    {
        File.WriteAllLines(_file, lines);
        return ApiKeySet.Load(_file);
    }
}
