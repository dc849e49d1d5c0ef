using System.Globalization;
using System.Text;

namespace ProxyKit.Checks;

/// <summary>Sends a request. The names of its fields go in lower case, as HAProxy has them in all that it writes itself.</summary>
internal sealed class HttpSendingStep : ScriptStep
{
    private readonly byte[] _head, _rest;
    private readonly bool _sendsState;

    public HttpSendingStep(HttpSendStep options, bool sendsState)
    {
        _sendsState = sendsState;
        var head = new StringBuilder($"{options.Method} {options.Target} {options.Version}\r\n");
        foreach (var (name, value) in options.Headers)
        {
            if (!IsOurs(name, options))
            {
                head.Append(name.ToLowerInvariant()).Append(": ").Append(value).Append("\r\n");
            }
        }

        var body = Encoding.Latin1.GetBytes(options.Body ?? "");
        var rest = new StringBuilder();
        if (options.Version != "HTTP/1.0")
        {
            rest.Append("connection: close\r\n");
        }

        if (options.Body is not null)
        {
            rest.Append(CultureInfo.InvariantCulture, $"content-length: {body.Length}\r\n");
        }

        _head = Encoding.Latin1.GetBytes(head.ToString());
        _rest = [.. Encoding.Latin1.GetBytes(rest.Append("\r\n").ToString()), .. body];
    }

    public override string Name => "send";

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        byte[] request = _sendsState
            ? [.. _head, .. Encoding.Latin1.GetBytes($"x-haproxy-server-state: {run.DescribeState()}\r\n"), .. _rest]
            : [.. _head, .. _rest];
        return await run.SendAsync(request).ConfigureAwait(false) || !run.IsTimeUp
            ? default // where the server has closed already, its answer may be here all the same
            : new CheckResult(CheckStatus.Layer7TimedOut);
    }

    /// <summary>What frames the request and ends the connection is not for users to say.</summary>
    private static bool IsOurs(string name, HttpSendStep options) =>
        (name.Equals("connection", StringComparison.OrdinalIgnoreCase) && options.Version != "HTTP/1.0")
        || name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase);
}
