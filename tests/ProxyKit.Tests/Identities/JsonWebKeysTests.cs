using System.Text;
using ProxyKit.Identities;

namespace ProxyKit.Tests.Identities;

public sealed class JsonWebKeysTests
{
    [Theory]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"\ud800","n":"AQAB","e":"AQAB"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"\udc00"}]}""")]
    public void Half_of_a_pair_of_escapes_is_no_set(string json) => Assert.StartsWith(
        "it is no set of keys in JSON: ", Assert.Throws<FormatException>(() => JsonWebKeys.Parse(Encoding.UTF8.GetBytes(json), allowsSecrets: true)).Message, StringComparison.Ordinal);
}
