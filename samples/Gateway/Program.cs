// A gateway with everything on one machine: two frontends, five backends, and the small servers behind them.
using System.Runtime.InteropServices;
using Gateway;
using Microsoft.Extensions.Logging;
using ProxyKit;
using ProxyKit.Balancing;
using ProxyKit.Transport.Sockets;

var certificate = SelfSigned.Write("localhost");
using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));

SocketTransport.UseEventLoops(); // nothing in this process blocks
await using var proxy = Proxy.Create(
    p => p
        .AddFrontend("public", f => f
            .Bind("127.0.0.1:18080")
            .Bind("127.0.0.1:18443", bind => bind.Tls(certificate))
            .Forwarded(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto)
            .Route(Match.Host("api.localhost") | Match.Path("/api/*"), to: "api")
            .Route(Match.Path("/chat"), to: "chat")
            .Route(Match.Path("/ticks"), to: "ticks")
            .DefaultBackend("web"))
        .AddFrontend("lines", f => f
            .Mode(ProxyMode.Tcp)
            .Bind("127.0.0.1:17000")
            .DefaultBackend("echo"))
        .AddBackend("web", b => b
            .Balance(Balance.RoundRobin)
            .AddServer("web1", Origins.Web("web1"))
            .AddServer("web2", Origins.Web("web2")))
        .AddBackend("api", b => b
            .Balance(Balance.LeastConnections)
            .AddServer("api1", Origins.Api("api1"))
            .AddServer("api2", Origins.Api("api2"), server => server.Weight(2)))
        .AddBackend("chat", b => b
            .TunnelTimeout(TimeSpan.FromHours(1))
            .AddServer("chat1", Origins.Chat()))
        .AddBackend("ticks", b => b.AddServer("ticks1", Origins.Ticks()))
        .AddBackend("echo", b => b
            .Mode(ProxyMode.Tcp)
            .AddServer("echo1", Origins.Echo())),
    loggers);

await proxy.StartAsync();
File.Delete(certificate); // it has been read

Console.WriteLine("""

    The gateway is running. Try, from another terminal:

      curl http://127.0.0.1:18080/                                    # web1 and web2 take turns
      curl http://127.0.0.1:18080/api/hamsters                        # a route by path
      curl -H 'Host: api.localhost' http://127.0.0.1:18080/hamsters   # a route by host
      curl -k https://127.0.0.1:18443/api/hamsters                    # TLS, with a certificate made a moment ago
      curl -d 'a body' http://127.0.0.1:18080/                        # a request with a body
      curl -N --max-time 4 http://127.0.0.1:18080/ticks               # an event each second
      echo hello | curl -s --max-time 1 telnet://127.0.0.1:17000      # TCP, echoed
      curl -i -N --max-time 1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
           -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' http://127.0.0.1:18080/chat --output -   # a WebSocket

    Ctrl+C lets what is under way finish, and stops.

    """);

var stop = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await stop.Task;
await proxy.StopAsync();

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}
