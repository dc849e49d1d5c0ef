using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

public sealed class VerifiedClientsTests
{
    [Fact]
    public void Clients_with_long_chains_are_forgotten_sooner()
    {
        var clients = new VerifiedClients();
        for (var i = 0; i < 100; i++)
        {
            clients.Share(Certificate(i, chain: 512 * 1024));
        }

        Assert.Null(clients.Find(Der(0)));
        Assert.NotNull(clients.Find(Der(99)));
    }

    [Fact]
    public void Many_clients_with_short_chains_are_known()
    {
        var clients = new VerifiedClients();
        for (var i = 0; i < 4000; i++)
        {
            clients.Share(Certificate(i, chain: 1000));
        }

        Assert.NotNull(clients.Find(Der(0)));
    }

    private static byte[] Der(int number) => BitConverter.GetBytes(number);

    private static ClientCertificate Certificate(int number, int chain) => new()
    {
        Der = Der(number),
        Chain = new byte[chain],
        Root = [],
        Verify = 0,
        Error = 0,
        AuthorityError = 0,
        AuthorityErrorDepth = 0,
        ExpiresAt = long.MaxValue,
    };
}
