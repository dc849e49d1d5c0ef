using ProxyKit.Metering;

namespace ProxyKit.Tests.Metering;

public sealed class UsageTicketTests
{
    [Fact]
    public async Task Wait_that_was_ended_cannot_be_taken_back_and_another_begins_once_it_was_awaited()
    {
        var ticket = new UsageTicket(recordBytes: 1);
        ticket.Begin();
        Assert.True(ticket.Tell(isSafe: false));

        Assert.False(ticket.TryTakeBack());

        Assert.False(await ticket.Task);
        ticket.Begin();
        Assert.True(ticket.Tell(isSafe: true));
        Assert.True(await ticket.Task);
    }

    [Fact]
    public void Wait_that_nobody_has_ended_is_taken_back()
    {
        var ticket = new UsageTicket(recordBytes: 1);
        ticket.Begin();

        Assert.True(ticket.TryTakeBack());

        Assert.False(ticket.Tell(isSafe: true));
    }
}
