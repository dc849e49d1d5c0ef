using System.Diagnostics;
using System.Text.RegularExpressions;
using ProxyKit.Conformance.Clients;
using ProxyKit.Conformance.HAProxy.Health;

namespace ProxyKit.Conformance.HAProxy.Mails;

/// <summary>Mails about servers: ProxyKit and Debian's HAProxy write the same.</summary>
public sealed partial class MailDifferentialTests
{
    private const string Up = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private const string Down = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    private const string NotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

    public static TheoryData<string, string[], int, string[]> Cases => new()
    {
        { "a server goes down", [], 1, [Down] },
        { "another name and a level that brings no more", ["email-alert myhostname here.example", "email-alert level warning"], 1, [Down, Up, Down] },
        { "a server is up again", ["email-alert level notice"], 2, [Down, Up] },
        { "what checks find", ["email-alert level info", "option log-health-checks"], 3, [Down, Up] },
        { "checks of which nothing is logged", ["email-alert level debug"], 2, [Down, Up] },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task ProxyKit_writes_what_HAProxy_writes(string name, string[] lines, int mails, string[] answers)
    {
        Assert.NotEmpty(name);
        var ours = await OnProxyKitAsync(lines, mails, answers);

        Assert.Contains("[HAProxy Alert] ", ours, StringComparison.Ordinal);
        Assert.Equal(await OnHAProxyAsync(OutsideProgram.Find("haproxy"), lines, mails, answers), ours);
    }

    /// <summary>Of which 2.6 says nothing.</summary>
    [Fact]
    public async Task Server_that_wants_no_new_clients_is_told_of()
    {
        var ours = await OnProxyKitAsync(["email-alert level notice", "http-check disable-on-404"], 2, [NotFound, Down]);

        Assert.Matches("(?s)Alert\\] Server b/s1 is stopping, .*Alert\\] Server b/s1 is DOWN, ", ours);
    }

    private static async Task<string> OnProxyKitAsync(string[] lines, int mails, string[] answers)
    {
        await using var mailer = WireMailer.Start();
        await using var server = new ScriptedServer(answers);
        var read = HAProxyConfiguration.Parse(Config(lines, mailer, server));
        await using var proxy = Proxy.Create(read.Options ?? throw new InvalidOperationException(string.Join('\n', read.Diagnostics)));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return await ReadAsync(mailer, mails);
    }

    private static async Task<string> OnHAProxyAsync(string program, string[] lines, int mails, string[] answers)
    {
        await using var mailer = WireMailer.Start();
        await using var server = new ScriptedServer(answers);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Config(lines, mailer, server));
        using var process = Process.Start(new ProcessStartInfo(program, ["-db", "-f", file]) { RedirectStandardError = true })!; // a file it is given starts
        var messages = process.StandardError.ReadToEndAsync();
        try
        {
            return await ReadAsync(mailer, mails);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            await messages;
            File.Delete(file);
        }
    }

    private static string Config(string[] lines, WireMailer mailer, ScriptedServer server) => $"""
        mailers ops
            mailer m1 {mailer.Address}
        defaults
            mode http
            timeout connect 2s
            timeout client 2s
            timeout server 2s
        frontend f
            bind 127.0.0.1:{FreePorts.Next()}
            default_backend b
        backend b
            option httpchk
            email-alert mailers ops
            email-alert from from@a.example
            email-alert to to@b.example
            {string.Join("\n    ", lines)}
            server s1 127.0.0.1:{server.Port} check inter 200 rise 1 fall 1

        """;

    private static async Task<string> ReadAsync(WireMailer mailer, int mails)
    {
        var read = new List<string>();
        while (read.Count < mails)
        {
            read.Add(Varying().Replace(await mailer.MailAsync(), ""));
        }

        return string.Join("\n\n", read);
    }

    [GeneratedRegex(@"^Date: .*$|check duration: \d+ms", RegexOptions.Multiline)]
    private static partial Regex Varying();
}
