using System.Net;
using ProxyKit.Resolvers;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Resolvers;

public sealed class ResolverGroupTests : IAsyncDisposable
{
    private readonly WireNameserver _nameserver = WireNameserver.Start();
    private readonly ManualTimeProvider _time = new() { LetsOthersFinish = true };
    private readonly List<ResolverGroup> _groups = [];

    public async ValueTask DisposeAsync()
    {
        _groups.ForEach(static g => g.Dispose());
        await _nameserver.DisposeAsync();
    }

    [Fact]
    public async Task Name_without_preferred_addresses_has_the_others()
    {
        _nameserver.Set("a.example", "192.0.2.1");

        Assert.Equal(IPAddress.Parse("192.0.2.1"), await FindAsync(Group(), "a.example"));
        Assert.Equal([28, 1], _nameserver.Questions.Select(static q => q.Type));
    }

    [Theory]
    [InlineData(AddressPreference.IPv6, "2001:db8::1")]
    [InlineData(AddressPreference.IPv4, "192.0.2.1")]
    public async Task Preferred_addresses_come_first(AddressPreference preference, string address)
    {
        _nameserver.Set("a.example", "192.0.2.1", "2001:db8::1");

        Assert.Equal(IPAddress.Parse(address), await FindAsync(Group(), "a.example", preference));
    }

    [Theory]
    [InlineData(AcceptedAddresses.IPv4, AddressPreference.IPv6, "192.0.2.1", 1)]
    [InlineData(AcceptedAddresses.IPv6, AddressPreference.IPv4, "2001:db8::1", 28)]
    public async Task Addresses_that_are_not_accepted_are_not_asked_for(AcceptedAddresses accepts, AddressPreference preference, string address, int type)
    {
        var group = Group(o => o.Accepts = accepts);
        _nameserver.Set("both.example", "192.0.2.1", "2001:db8::1");
        _nameserver.Set("other.example", accepts == AcceptedAddresses.IPv4 ? "2001:db8::2" : "192.0.2.2");

        Assert.Equal(IPAddress.Parse(address), await FindAsync(group, "both.example", preference));
        Assert.Null(await FindAsync(group, "other.example", preference));

        Assert.All(_nameserver.Questions, q => Assert.Equal(type, q.Type));
    }

    [Fact]
    public async Task Name_that_is_not_there_has_no_address() => Assert.Null(await FindAsync(Group(), "none.example"));

    [Fact]
    public async Task Answer_is_good_until_its_time_is_over()
    {
        var group = Group(o => o.HoldValid = TimeSpan.FromSeconds(10));
        _nameserver.Set("a.example", "2001:db8::1");
        await FindAsync(group, "a.example");
        _nameserver.Set("a.example", "2001:db8::2");

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(group.TryFind("A.example", AddressPreference.IPv6, out var held));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(IPAddress.Parse("2001:db8::1"), held);
        Assert.False(group.TryFind("a.example", AddressPreference.IPv6, out _));
        Assert.Equal(IPAddress.Parse("2001:db8::2"), await FindAsync(group, "a.example"));
    }

    [Fact]
    public async Task Those_who_ask_the_same_at_once_wait_for_one_answer()
    {
        var group = Group();
        var free = new TaskCompletionSource();
        _nameserver.Answer("a.example", question =>
        {
            free.Task.Wait(Patience.Limit);
            return question.Answer(0, NameRecord.Of("a.example", 28, IPAddress.Parse("2001:db8::1").GetAddressBytes()));
        });

        var first = FindAsync(group, "a.example");
        var second = FindAsync(group, "a.example");
        free.SetResult();

        Assert.Equal(await first, await second);
        Assert.Single(_nameserver.Questions);
    }

    [Fact]
    public async Task Question_that_nobody_answers_is_asked_again_and_then_given_up()
    {
        var group = Group(o => o.Attempts = 3);
        _nameserver.Silence("a.example");

        var asking = FindAsync(group, "a.example");
        await _nameserver.AskedAsync("a.example", 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _nameserver.AskedAsync("a.example", 2);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _nameserver.AskedAsync("a.example", 3);
        Assert.False(asking.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await asking);
    }

    [Fact]
    public async Task Who_goes_away_waits_no_longer()
    {
        var group = Group();
        _nameserver.Silence("a.example");
        using var gone = new CancellationTokenSource();

        var asking = group.FindAsync("a.example", AddressPreference.IPv6, gone.Token).AsTask();
        await gone.CancelAsync();

        Assert.Null(await asking.InTimeAsync());
    }

    [Fact]
    public async Task First_of_several_nameservers_that_knows_has_answered()
    {
        await using var other = WireNameserver.Start();
        _nameserver.Fail("a.example", 5);
        other.Set("a.example", "2001:db8::1");

        Assert.Equal(IPAddress.Parse("2001:db8::1"), await FindAsync(Group(o => o.Nameservers.Add(new NameserverOptions { Name = "b", Address = other.Address })), "a.example"));
    }

    [Fact]
    public async Task Answer_that_has_no_room_comes_over_tcp()
    {
        var addresses = Enumerable.Range(1, 60).Select(static i => $"2001:db8::{i:x}").ToArray();
        _nameserver.Set("a.example", addresses);

        Assert.Equal(IPAddress.Parse(addresses[0]), await FindAsync(Group(), "a.example"));
        Assert.Equal([false, true], _nameserver.Questions.Select(static q => q.IsTcp));
    }

    [Fact]
    public async Task Nameserver_learns_how_much_may_come_over_udp()
    {
        var addresses = Enumerable.Range(1, 60).Select(static i => $"2001:db8::{i:x}").ToArray();
        _nameserver.Set("a.example", addresses);

        Assert.NotNull(await FindAsync(Group(o => o.MaxPayloadBytes = 8192), "a.example"));
        Assert.Equal([(false, 8192)], _nameserver.Questions.Select(static q => (q.IsTcp, q.MaxPayload)));
    }

    [Fact]
    public async Task Nameserver_can_be_asked_over_tcp_alone()
    {
        _nameserver.Set("a.example", "2001:db8::1");

        Assert.NotNull(await FindAsync(Group(o => o.Nameservers[0].UsesTcp = true), "a.example"));
        Assert.All(_nameserver.Questions, static q => Assert.True(q.IsTcp));
    }

    [Fact]
    public async Task Stranger_is_passed_over()
    {
        _nameserver.Answer("a.example", question => (question with { Id = (ushort)(question.Id ^ 1) }).Answer(
            0, NameRecord.Of("a.example", 28, IPAddress.Parse("2001:db8::bad").GetAddressBytes())));
        var asking = FindAsync(Group(o => o.Attempts = 1), "a.example");
        await _nameserver.AskedAsync("a.example");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await asking);
    }

    [Fact]
    public void Name_is_the_same_with_its_last_dot_and_in_any_case()
    {
        var group = Group();

        Assert.Same(group.NameOf("a.example", ResolutionKind.Service), group.NameOf("A.Example.", ResolutionKind.Service));
    }

    [Fact]
    public async Task Names_are_forgotten_where_there_are_too_many()
    {
        var group = Group();
        _nameserver.Set("a.example", "2001:db8::1");
        await FindAsync(group, "a.example");
        for (var i = 0; i < 4096; i++)
        {
            group.NameOf($"{i}.example", ResolutionKind.IPv6First);
        }

        Assert.False(group.TryFind("a.example", AddressPreference.IPv6, out _));
    }

    [Fact]
    public async Task Known_name_allocates_nothing()
    {
        var group = Group();
        _nameserver.Set("a.example", "2001:db8::1");
        await FindAsync(group, "a.example");

        Allocations.AssertNone(() => group.TryFind("a.example", AddressPreference.IPv6, out _));
    }

    private static Task<IPAddress?> FindAsync(ResolverGroup group, string name, AddressPreference preference = AddressPreference.IPv6) =>
        group.FindAsync(name, preference, CancellationToken.None).InTimeAsync();

    private ResolverGroup Group(Action<ResolversOptions>? configure = null)
    {
        var options = new ResolversOptions { Name = "dns" };
        options.Nameservers.Add(new NameserverOptions { Name = "a", Address = _nameserver.Address });
        configure?.Invoke(options);
        var group = new ResolverGroup(ResolverSettings.Of(options), _time, static e => Assert.Fail(e.ToString()));
        _groups.Add(group);
        return group;
    }
}
