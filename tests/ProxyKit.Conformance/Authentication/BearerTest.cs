namespace ProxyKit.Conformance.Authentication;

/// <summary>A frontend that lets those in who bring a token signed by <see cref="Key"/>.</summary>
public abstract class BearerTest() : ProxyTest(Carrier.Sockets)
{
    protected const string Issuer = "https://id.example/", Audience = "https://api.example/";

    protected TestKey Key { get; } = TestKey.Rsa();

    /// <summary>Where files for the proxy are written.</summary>
    protected TestAuthority Files { get; } = new();

    /// <summary>Who answers those who come in.</summary>
    protected WireOrigin? Web { get; set; }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        Key.Dispose();
        Files.Dispose();
    }

    protected long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    protected string Good() => Key.Sign(Claims());

    protected string Claims(string iss = Issuer, string aud = $"\"{Audience}\"", int expiresIn = 600, string scope = "read:hamsters", string more = "") =>
        $$"""{"iss":"{{iss}}","aud":{{aud}},"exp":{{Now + expiresIn}},"sub":"ann","scope":"{{scope}}","realm":{"roles":["keeper"]}{{more}}}""";

    protected Task StartAsync(Action<JwtBuilder>? jwt = null, Action<FrontendBuilder>? frontend = null)
    {
        Web = OkOrigin();
        return StartAsync(Web, f =>
        {
            Protect(f, jwt);
            frontend?.Invoke(f);
        });
    }

    protected FrontendBuilder Protect(FrontendBuilder frontend, Action<JwtBuilder>? jwt = null) => frontend.Authenticate(
        j =>
        {
            j.Issuer(Issuer).Audience(Audience).KeyFile(Files.Write("key.pem", Key.Pem));
            jwt?.Invoke(j);
        },
        unless: Match.Path("/auth/*"));

    protected async Task<int> StatusAsync(params string[] fields) => (await AskAsync(fields)).Status;

    protected Task<WireMessage> AskAsync(params string[] fields) => SendAsync("GET", "/", fields);

    protected async Task<WireMessage> SendAsync(string method, string target, params string[] fields)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync([$"{method} {target} HTTP/1.1", "Host: a", .. fields, "", ""]);
        return await client.ReadResponseAsync(method);
    }
}
