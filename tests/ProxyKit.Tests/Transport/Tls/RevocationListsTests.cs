using ProxyKit.Testing;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

public sealed class RevocationListsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Lists_hold_until_the_first_of_them_is_to_be_issued_anew()
    {
        using var revoked = _authority.IssueClient("CN=revoked");
        var until = DateTimeOffset.UtcNow.AddHours(2);
        var lists = new RevocationLists(_authority.Revoke(until, revoked));

        var expiry = new DateTimeOffset(lists.ExpiryAfter(DateTimeOffset.UtcNow), TimeSpan.Zero);

        Assert.InRange(expiry, until - TimeSpan.FromSeconds(2), until + TimeSpan.FromSeconds(2)); // which is written in seconds
    }
}
