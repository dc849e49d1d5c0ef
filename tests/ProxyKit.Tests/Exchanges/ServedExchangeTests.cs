using System.Reflection;
using ProxyKit.Backends;
using ProxyKit.Exchanges;

namespace ProxyKit.Tests.Exchanges;

public sealed class ServedExchangeTests
{
    /// <summary>Who cuts a server's sessions may come late to one that is over: the object serves somebody else by then.</summary>
    [Fact]
    public void Exchange_that_is_used_again_is_not_cut_in_the_name_of_the_last_one()
    {
        var exchange = new ServedExchange();
        Field("_number").SetValue(exchange, 7L);
        exchange.Reset();

        ((IServerSession)exchange).Cut(7, SessionCut.ServerDown);

        Assert.Equal(TerminationCause.None, Field("_cut").GetValue(exchange));
    }

    private static FieldInfo Field(string name) =>
        typeof(ServedExchange).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingFieldException(name);
}
