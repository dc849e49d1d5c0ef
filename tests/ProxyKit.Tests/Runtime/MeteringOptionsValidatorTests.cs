using ProxyKit.Backends;
using ProxyKit.Metering;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Runtime;

public sealed class MeteringOptionsValidatorTests
{
    [Fact]
    public void Faults_of_metering_are_told_all_at_once_with_their_places()
    {
        var faults = Faults(
            m =>
            {
                m.Meter("requests", Value.Parse("int(1)"));
                m.Meter("a b", Value.Parse("int(1)"));
            },
            static f => f.Meter(new string('x', 65), static _ => 1),
            configure: static o => o.Metering!.Journal.KnownIds = -1);

        Assert.Equal(
            [
                "metering > JournalPath: either it or Store is needed, and not both.",
                "metering > Client: is needed: whose usage it is.",
                "metering > Journal > KnownIds: -1 is out of range (0-1000000).",
                "metering > meter \"requests\" > Name: is counted for every request already.",
                "metering > meter \"a b\" > Name: \"a b\" has a space or a control character in it.",
                $"frontend \"public\" > meter \"{new string('x', 65)}\" > Name: is longer than 64 characters, not ASCII, or has a backslash.",
            ],
            faults);
    }

    [Fact]
    public void Folder_that_no_system_has_is_a_fault() => Assert.Equal(
        ["metering > JournalPath: \"a\\u0000b\" is no folder."],
        Faults(static m => m.Journal("a\0b").CountBy(Value.Parse("src")), static _ => { }));

    [Fact]
    public void Meter_without_or_with_two_quantities_is_a_fault()
    {
        var faults = Faults(static m => m.Store(new InMemoryUsageStore()).CountBy(Value.Parse("src")), static f => f.Configure(static o =>
        {
            o.Meters.Add(new MeterOptions { Name = "none" });
            o.Meters.Add(new MeterOptions { Name = "both", Quantity = Value.Parse("int(1)"), Measure = static _ => 1 });
        }));

        Assert.Equal(2, faults.Count(static f => f.EndsWith("Quantity: either it or Measure is needed, and not both.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Frontend_in_tcp_mode_has_to_say_that_it_is_not_metered()
    {
        var faults = Faults(static m => m.Store(new InMemoryUsageStore()).CountBy(Value.Parse("src")), static f => f.Mode(ProxyMode.Tcp), ProxyMode.Tcp);
        var fine = Faults(static m => m.Store(new InMemoryUsageStore()).CountBy(Value.Parse("src")), static f => f.Mode(ProxyMode.Tcp).Metered(false), ProxyMode.Tcp);

        Assert.Equal(["frontend \"public\" > IsMetered: connections in TCP mode are not metered; say false, or 'unmetered' in haproxy.cfg."], faults);
        Assert.Empty(fine);
    }

    [Fact]
    public void Meters_without_metering_are_a_fault() => Assert.Equal(
        ["frontend \"public\" > Meters: Metering does not say where they are kept."], Faults(null, static f => f.Meter("a", static _ => 1)));

    [Fact]
    public void Meters_of_a_frontend_that_is_not_metered_are_a_fault() => Assert.Equal(
        ["frontend \"public\" > Meters: count nothing, since IsMetered is false."],
        Faults(static m => m.Store(new InMemoryUsageStore()).CountBy(Value.Parse("src")), static f => f.Metered(false).Meter("a", static _ => 1)));

    [Fact]
    public void Expression_that_names_what_is_not_there_is_a_fault_told_once()
    {
        var builder = new ProxyBuilder().AddBackend("web", b => b.AddServer("s1", "127.0.0.1:1"))
            .AddMetering(m => m.Store(new InMemoryUsageStore()).CountBy(Value.Parse("nbsrv(nowhere)")));
        foreach (var name in new[] { "a", "b" })
        {
            builder.AddFrontend(name, f => f.Bind("127.0.0.1:0").DefaultBackend("web"));
        }

        var fault = Assert.Single(Proxy.Check(builder.Build()));

        Assert.StartsWith("metering > Client > ", fault, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Faults(Action<MeteringBuilder>? metering, Action<FrontendBuilder> frontend, ProxyMode mode = ProxyMode.Http, Action<ProxyOptions>? configure = null)
    {
        var builder = new ProxyBuilder()
            .AddFrontend("public", f =>
            {
                f.Bind("127.0.0.1:0").DefaultBackend("web");
                frontend(f);
            })
            .AddBackend("web", b => b.Mode(mode).AddServer("s1", "127.0.0.1:1"));
        if (metering is not null)
        {
            builder.AddMetering(m => metering(m));
        }

        if (configure is not null)
        {
            builder.Configure(configure);
        }

        return ProxyOptionsValidator.Validate(builder.Build());
    }
}
