using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>Runs a program, whose exit code says how the server is.</summary>
/// <param name="command">The program.</param>
/// <param name="path">Its <c>PATH</c>; null for an empty one.</param>
/// <param name="backend">The backend's name.</param>
/// <param name="address">Where clients arrive who come for this backend and no other; null where there is no such frontend.</param>
internal sealed class ExternalProbe(string command, string? path, string backend, EndPoint? address) : ServerProbe
{
    private const string Unused = "NOT_USED";

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        run.BeginPhase();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var process = new Process { StartInfo = Describe(run.Server, run.Plan.Backend), EnableRaisingEvents = true };
        process.Exited += (_, _) => ended.TrySetResult();
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new CheckResult(CheckStatus.ProcessFailed, 0, CheckText.Of(e.Message));
        }

        process.StandardInput.Close();
        using var output = process.StandardOutput; // whoever has asked for them closes them; the process does not
        using var errors = process.StandardError;
        _ = DrainAsync(output.BaseStream);
        _ = DrainAsync(errors.BaseStream);
        try
        {
            await ended.Task.WaitAsync(run.Token).ConfigureAwait(false); // its end, and not that of its output, which others may have open that it has begun
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new CheckResult(CheckStatus.ProcessTimedOut);
        }

        return process.ExitCode == 0
            ? new CheckResult(CheckStatus.ProcessPassed)
            : new CheckResult(CheckStatus.ProcessFailed, process.ExitCode);
    }

    /// <summary>Reads what a program says, so that it does not block; it is of no interest.</summary>
    private static async Task DrainAsync(Stream output)
    {
        try
        {
            await output.CopyToAsync(Stream.Null, bufferSize: 1024).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The check is over.
        }
    }

    /// <summary>The server is where clients' requests find it, wherever other checks would go.</summary>
    private ProcessStartInfo Describe(Server server, Backend? itsBackend)
    {
        var (ownHost, ownPort) = Split(address);
        var (host, port) = Split(server.ConnectOptions.EndPoint);
        var start = new ProcessStartInfo(command, [Shown(ownHost), Shown(ownPort), Shown(host), Shown(port)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = path ?? "";
        start.Environment["HAPROXY_PROXY_NAME"] = backend;
        start.Environment["HAPROXY_PROXY_ID"] = Number(itsBackend?.Id ?? 0);
        start.Environment["HAPROXY_PROXY_ADDR"] = ownHost;
        start.Environment["HAPROXY_PROXY_PORT"] = ownPort;
        start.Environment["HAPROXY_SERVER_NAME"] = server.Name;
        start.Environment["HAPROXY_SERVER_ID"] = Number(server.Id);
        start.Environment["HAPROXY_SERVER_ADDR"] = host;
        start.Environment["HAPROXY_SERVER_PORT"] = port;
        start.Environment["HAPROXY_SERVER_MAXCONN"] = Number(server.MaxConnections);
        start.Environment["HAPROXY_SERVER_CURCONN"] = Number(server.ActiveRequests);
        start.Environment["HAPROXY_SERVER_SSL"] = server.Tls is null ? "0" : "1";
        start.Environment["HAPROXY_SERVER_PROTO"] = itsBackend is { Mode: ProxyMode.Tcp } ? "tcp" : "h1";
        return start;
    }

    private static string Shown(string text) => text.Length > 0 ? text : Unused;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static (string Host, string Port) Split(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint ip => (ip.Address.ToString(), Number(ip.Port)),
        DnsEndPoint dns => (dns.Host, Number(dns.Port)),
        _ => (endPoint?.ToString() ?? "", ""), // the path of a socket has no port
    };
}
