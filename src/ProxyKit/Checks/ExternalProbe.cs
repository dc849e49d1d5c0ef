using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>Runs a program, whose exit code says how the server is.</summary>
internal sealed class ExternalProbe(string command, string? path, string backend) : ServerProbe
{
    private const string Unused = "NOT_USED";

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        run.BeginPhase();
        using var process = new Process { StartInfo = Describe(run.Server, run.Plan.EndPoint) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new CheckResult(CheckStatus.ProcessFailed, 0, CheckText.Of(e.Message));
        }

        process.StandardInput.Close();
        process.OutputDataReceived += static (_, _) => { }; // read, so that it does not block, and of no interest
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(run.Token).ConfigureAwait(false);
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

    private ProcessStartInfo Describe(Server server, EndPoint endPoint)
    {
        var (host, port) = endPoint switch
        {
            IPEndPoint ip => (ip.Address.ToString(), ip.Port.ToString(CultureInfo.InvariantCulture)),
            DnsEndPoint dns => (dns.Host, dns.Port.ToString(CultureInfo.InvariantCulture)),
            _ => (endPoint.ToString() ?? Unused, Unused),
        };
        var start = new ProcessStartInfo(command, [Unused, Unused, host, port])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = path ?? "";
        start.Environment["HAPROXY_PROXY_NAME"] = backend;
        start.Environment["HAPROXY_PROXY_ADDR"] = Unused;
        start.Environment["HAPROXY_PROXY_PORT"] = Unused;
        start.Environment["HAPROXY_SERVER_NAME"] = server.Name;
        start.Environment["HAPROXY_SERVER_ADDR"] = host;
        start.Environment["HAPROXY_SERVER_PORT"] = port;
        start.Environment["HAPROXY_SERVER_MAXCONN"] = server.MaxConnections.ToString(CultureInfo.InvariantCulture);
        start.Environment["HAPROXY_SERVER_CURCONN"] = server.ActiveRequests.ToString(CultureInfo.InvariantCulture);
        start.Environment["HAPROXY_SERVER_SSL"] = server.Tls is null ? "0" : "1";
        return start;
    }
}
