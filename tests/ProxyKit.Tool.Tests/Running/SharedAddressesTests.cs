using System.Net;
using ProxyKit.Tool.Running;
using ProxyKit.Transport;

namespace ProxyKit.Tool.Tests.Running;

/// <summary>Addresses that the next process may listen on beside this one.</summary>
public sealed class SharedAddressesTests
{
    private readonly SharedAddresses _addresses = new();

    [Fact]
    public void Two_listen_on_one_address()
    {
        using var first = _addresses.Listen(new ListenOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        using var second = _addresses.Listen(new ListenOptions { EndPoint = first.LocalEndPoint });

        Assert.Equal(first.LocalEndPoint, second.LocalEndPoint);
    }

    [Fact]
    public void What_is_said_of_the_socket_counts_all_the_same()
    {
        var fault = Assert.Throws<IOException>(() => _addresses.Listen(new ListenOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Interface = "none-such" }));

        Assert.StartsWith("cannot bind socket (", fault.Message, StringComparison.Ordinal);
    }
}
