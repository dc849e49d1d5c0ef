using System.Text.RegularExpressions;

namespace ProxyKit.Conformance.Samples;

/// <summary>A proxy with one of the configurations of samples/haproxy, on ports that are free here and with servers of the test's own.</summary>
public abstract partial class SampleTest() : ProxyTest(Carrier.Sockets)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples");

    private TestAuthority? _authority;

    /// <summary>Who has issued the certificates in the configuration's folder of them.</summary>
    protected TestAuthority Authority => _authority ??= new();

    /// <summary>The folder that takes the place of /etc/ssl/private.</summary>
    protected string Certificates => Path.GetDirectoryName(Authority.CaPath) ?? "";

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _authority?.Dispose();
    }

    /// <summary>Starts the proxy.</summary>
    /// <param name="name">The configuration's name.</param>
    /// <param name="servers">The servers that take the place of those on ports 9001, 9002 and so on.</param>
    protected Task StartSampleAsync(string name, params WireOrigin[] servers) => StartSampleAsync(name, static text => text, servers);

    /// <summary>Starts the proxy.</summary>
    /// <param name="name">The configuration's name.</param>
    /// <param name="edit">What else is other here than in the configuration as it stands.</param>
    /// <param name="servers">The servers that take the place of those on ports 9001, 9002 and so on.</param>
    protected Task StartSampleAsync(string name, Func<string, string> edit, params WireOrigin[] servers)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var text = BindPort().Replace(File.ReadAllText(Path.Combine(Folder, $"{name}.cfg")), "bind 127.0.0.1:0");
        foreach (var (index, server) in servers.Index())
        {
            text = text.Replace($"127.0.0.1:{9001 + index}", server.Address, StringComparison.Ordinal);
        }

        var environment = new Dictionary<string, string> { ["HERE"] = Folder };
        if (text.Contains("${CERTS", StringComparison.Ordinal))
        {
            environment["CERTS"] = Certificates;
            var issued = Authority.Issue("localhost", "127.0.0.1", "gateway.example");
            File.Copy(issued, Path.Combine(Certificates, "gateway.pem"), overwrite: true);
        }

        var result = HAProxyConfiguration.Parse(edit(text), new HAProxyConfigurationOptions { Environment = environment });
        Assert.True(result.IsValid, result.ToString());
        return StartAsync(proxy => proxy.AddHAProxyConfig(result));
    }

    /// <summary>An origin that answers with its name.</summary>
    protected WireOrigin Named(string name) => Origin(exchange => exchange.AnswerOkAsync(name));

    /// <summary>One request on a connection of its own.</summary>
    protected Task<WireMessage> AskAsync(string target, params string[] fields) => AskAsync("GET", target, fields);

    /// <summary>One request on a connection of its own.</summary>
    protected async Task<WireMessage> AskAsync(string method, string target, string[] fields, int bind = 0)
    {
        ArgumentNullException.ThrowIfNull(fields);
        await using var client = await ConnectAsync(bind);
        string[] host = fields.Any(static f => f.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)) ? [] : ["Host: a.example"];
        await client.SendAsync([$"{method} {target} HTTP/1.1", .. host, .. fields, "", ""]);
        return await client.ReadResponseAsync(method);
    }

    /// <summary>The statuses of so many requests, one after the other.</summary>
    protected async Task<List<int>> StatusesAsync(int count, string target, params string[] fields)
    {
        var statuses = new List<int>();
        for (var i = 0; i < count; i++)
        {
            statuses.Add((await AskAsync(target, fields)).Status);
        }

        return statuses;
    }

    /// <summary>So many of the one, then so many of the other.</summary>
    protected static IEnumerable<int> Runs(params (int Count, int Status)[] runs) => runs.SelectMany(static r => Enumerable.Repeat(r.Status, r.Count));

    /// <summary>So much time passes.</summary>
    protected void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    [GeneratedRegex(@"bind \S*:\d+")]
    private static partial Regex BindPort();
}
