using System.Globalization;
using System.Text;
using ProxyKit.Rules;

namespace ProxyKit.Checks;

/// <summary>Sends a request. The names of its fields go in lower case, as HAProxy has them in all that it writes itself.</summary>
internal sealed class HttpSendingStep : ScriptStep
{
    private readonly HttpSendStep _options;
    private readonly bool _sendsState;
    private readonly CheckValue? _target, _body;
    private readonly (string Name, CheckValue Value)[] _fields;
    private readonly byte[]? _head, _rest; // null where each check makes its own

    /// <param name="options">What was written.</param>
    /// <param name="sendsState">Whether the server is told its own state.</param>
    /// <param name="compiler">Finds what formats name; null where nothing will be run.</param>
    /// <exception cref="RuleFaultException">One names something that is not there.</exception>
    public HttpSendingStep(HttpSendStep options, bool sendsState, RuleCompiler? compiler)
    {
        _options = options;
        _sendsState = sendsState;
        _target = CheckValue.Of(options.TargetFormat, compiler);
        _body = CheckValue.Of(options.BodyFormat, compiler);
        _fields = [.. options.HeaderFormats.Where(f => !IsOurs(f.Key, options)).Select(f => (f.Key, CheckValue.Of(f.Value, compiler)!))]; // null for null only
        _head = _target is null && _fields.Length == 0 ? Head(CheckText.Wire(options.Target), []) : null; // the validator has looked at it
        _rest = _body is null ? Rest(options.Body is null ? null : Encoding.UTF8.GetBytes(options.Body)) : null;
    }

    public override string Name => "send";

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        if ((_head ?? MakeHead(run)) is not { } head)
        {
            return new CheckResult(CheckStatus.Layer7Invalid, 0, $"http-check send : failed to build a request at step {Number}");
        }

        var rest = _rest ?? Rest(_body!.Bytes(run)); // one of the two is there
        byte[] request = _sendsState
            ? [.. head, .. Encoding.Latin1.GetBytes($"x-haproxy-server-state: {run.DescribeState()}\r\n"), .. rest]
            : [.. head, .. rest];
        return await run.SendAsync(request).ConfigureAwait(false) || !run.IsTimeUp
            ? default // where the server has closed already, its answer may be here all the same
            : new CheckResult(CheckStatus.Layer7TimedOut);
    }

    /// <summary>The head of one check's request; null where what its formats make would be another request, or more than one.</summary>
    private byte[]? MakeHead(CheckRun run)
    {
        var target = _target?.Text(run) ?? CheckText.Wire(_options.Target);
        var fields = Array.ConvertAll(_fields, f => (f.Name, Value: f.Value.Text(run)));
        return target.Length == 0 || target.Any(static c => c is <= ' ' or '\u007f') || Array.Exists(fields, static f => f.Value.AsSpan().ContainsAny('\r', '\n', '\0'))
            ? null
            : Head(target, fields);
    }

    /// <param name="target">The target, its characters being bytes.</param>
    /// <param name="fields">The fields that are made for each check, likewise.</param>
    private byte[] Head(string target, IEnumerable<(string Name, string Value)> fields)
    {
        var head = new StringBuilder($"{_options.Method} {target} {_options.Version}\r\n");
        foreach (var (name, value) in _options.Headers.Where(f => !IsOurs(f.Key, _options)).Select(static f => (f.Key, CheckText.Wire(f.Value))).Concat(fields.Where(static f => f.Value.Length > 0)))
        {
            head.Append(name.ToLowerInvariant()).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(head.ToString());
    }

    private byte[] Rest(byte[]? body)
    {
        var rest = new StringBuilder();
        if (_options.Version != "HTTP/1.0")
        {
            rest.Append("connection: close\r\n");
        }

        if (body is not null)
        {
            rest.Append(CultureInfo.InvariantCulture, $"content-length: {body.Length}\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(rest.Append("\r\n").ToString()), .. body ?? []];
    }

    /// <summary>What frames the request and ends the connection is not for users to say.</summary>
    private static bool IsOurs(string name, HttpSendStep options) =>
        (name.Equals("connection", StringComparison.OrdinalIgnoreCase) && options.Version != "HTTP/1.0")
        || name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase);
}
