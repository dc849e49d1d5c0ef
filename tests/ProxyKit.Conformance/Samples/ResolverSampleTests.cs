using System.Net;
using System.Net.Security;

namespace ProxyKit.Conformance.Samples;

/// <summary>Names that are looked up, as the sample has it.</summary>
public sealed class ResolverSampleTests : SampleTest
{
    private readonly WireNameserver _nameserver = WireNameserver.Start();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _nameserver.DisposeAsync();
    }

    [Fact]
    public async Task Instances_are_found_by_name()
    {
        var origin = Named("one");
        _nameserver.Set("app.internal", "127.0.0.1");
        await StartAsync(text => text.Replace("app.internal:8080", $"app.internal:{origin.Port}", StringComparison.Ordinal));
        await SaidAsync("Server app/app1 administratively READY");

        Assert.Equal("one", (await AskAsync("/")).Text);
    }

    [Fact]
    public async Task Service_is_found_with_its_ports()
    {
        var (one, two) = (Named("one"), Named("two"));
        _nameserver.SetService("_api._tcp.internal", ("a.internal", one.Port, 0), ("b.internal", two.Port, 0));
        _nameserver.Set("a.internal", "127.0.0.1");
        _nameserver.Set("b.internal", "127.0.0.1");
        await StartAsync(static text => text);
        await Task.WhenAll(SaidAsync("Server api/api1 administratively READY"), SaidAsync("Server api/api2 administratively READY"));

        var answers = new[] { (await AskAsync("/api/")).Text, (await AskAsync("/api/")).Text };

        Assert.Equal(["one", "two"], answers.Order(StringComparer.Ordinal));
    }

    [Theory] // SSH-06, SSH-07, SSH-08, SSH-13
    [InlineData("srv1.internal", "banner", "dstName:srv1.internal dstIP:127.0.0.4 ")]
    [InlineData("SRV1.internal", "banner", "dstName:srv1.internal dstIP:127.0.0.4 ")]
    [InlineData("none.internal", "", "dstName:none.internal dstIP:- ")]
    [InlineData("far.internal", "", "dstName:far.internal dstIP:192.0.2.1 ")]
    [InlineData("srv1.example", "", "dstName:srv1.example dstIP:- ")]
    public async Task Ssh_goes_to_the_host_of_a_name(string name, string said, string line)
    {
        var origin = DisposeFirst(WireOrigin.StartRaw(static wire => wire.SendAsync("banner"), new IPEndPoint(IPAddress.Any, 0)));
        _nameserver.Set("srv1.internal", "127.0.0.4");
        _nameserver.Set("far.internal", "192.0.2.1");
        await StartAsync(text => text.Replace("0.0.0.0:22", $"0.0.0.0:{origin.Port}", StringComparison.Ordinal));
        var client = await (await ConnectAsync(bind: 1)).SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null, // made for this test
        });

        var banner = System.Text.Encoding.ASCII.GetString(await client.Wire.ReadToEndAsync());

        Assert.Equal(said, banner);
        await client.DisposeAsync();
        Assert.EndsWith(line, (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message, StringComparison.Ordinal);
        Assert.Equal(said.Length > 0 ? 1 : 0, origin.Connections);
    }

    private Task StartAsync(Func<string, string> edit) =>
        StartSampleAsync("resolvers", text => edit(text.Replace("127.0.0.1:53", _nameserver.Address, StringComparison.Ordinal)));

    private async Task SaidAsync(string text) => await AdvanceUntilAsync(Log.WaitForAsync(e => e.Message.Contains(text, StringComparison.Ordinal)));
}
