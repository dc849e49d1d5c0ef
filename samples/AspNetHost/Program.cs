// A proxy inside an ASP.NET Core app: it starts and drains with the app, logs through it, and can be asked for like any service.
using ProxyKit;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:15000");
builder.Services.AddProxyKit(p => p
    .AddFrontend("public", f => f
        .Bind("127.0.0.1:15080")
        .Forwarded(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto)
        .Route(Match.Path("/old/*"), to: "old")
        .DefaultBackend("app"))
    .AddBackend("app", b => b.AddServer("this", "127.0.0.1:15000")) // the app's own endpoints, below
    .AddBackend("old", b => b
        .Retries(0)
        .AddServer("old1", "127.0.0.1:15999"))); // nobody is there: see what a client gets, and what is logged

var app = builder.Build();

app.MapGet("/hello", (HttpRequest request) => $"Hello, {request.Headers["X-Forwarded-For"]}!\n");

app.MapGet("/servers", (Proxy proxy) =>
    proxy.GetServers("app").Concat(proxy.GetServers("old")).Select(server => new
    {
        Name = server.ToString(),
        server.Address,
        server.ActiveRequests,
        server.TotalRequests,
        server.IdleConnections,
    }));

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("""

    Both are running. Try, from another terminal:

      curl http://127.0.0.1:15000/servers     # the app itself
      curl http://127.0.0.1:15080/hello       # the app through the proxy
      curl -i http://127.0.0.1:15080/old/     # a server that is down: 503

    """));

await app.RunAsync();
