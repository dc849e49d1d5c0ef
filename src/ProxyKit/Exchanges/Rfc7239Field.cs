using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Exchanges;

/// <summary>A field of RFC 7239, ready to be written for a request.</summary>
internal sealed class Rfc7239Field
{
    private readonly bool _proto;
    private readonly CompiledExpression? _host, _by, _byPort, _for, _forPort;

    public Rfc7239Field(ForwardedOptions options, RuleCompiler compiler)
    {
        _proto = options.Proto;
        _host = options.Host?.Compile(compiler);
        _by = options.By?.Compile(compiler);
        _byPort = options.ByPort?.Compile(compiler);
        _for = options.For?.Compile(compiler);
        _forPort = options.ForPort?.Compile(compiler);
    }

    /// <summary>Adds the field.</summary>
    public void Add(RequestHead request, RuleContext context)
    {
        var text = new StringBuilder();
        if (_proto)
        {
            Begin(text, "proto").Append(context.Session.IsSecure ? "https" : "http");
        }

        if (_host is not null && Text(_host, context) is { } host)
        {
            Begin(text, "host").Append('"').Append(host.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        AddNode(text, "by", _by, _byPort, context);
        AddNode(text, "for", _for, _forPort, context);
        if (text.Length > 0)
        {
            request.Headers.Add("forwarded"u8, Encoding.Latin1.GetBytes(text.ToString()));
        }
    }

    private static StringBuilder Begin(StringBuilder text, string parameter) => text.Append(text.Length > 0 ? ";" : "").Append(parameter).Append('=');

    /// <summary>A node, quoted where it has a port or is of IPv6.</summary>
    private static void AddNode(StringBuilder text, string parameter, CompiledExpression? node, CompiledExpression? port, RuleContext context)
    {
        if (node is null && port is null)
        {
            return;
        }

        var name = node is not null && Text(node, context) is { } found ? NameOf(found) : "unknown";
        var number = port is not null && Text(port, context) is { } written && IsPort(written) ? $":{written}" : "";
        var isQuoted = number.Length > 0 || name.StartsWith('[');
        Begin(text, parameter).Append(isQuoted ? "\"" : "").Append(name).Append(number).Append(isQuoted ? "\"" : "");
    }

    private static string NameOf(string text) =>
        IPAddress.TryParse(text, out var address)
            ? address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 ? $"[{address}]" : $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}"
            : IsObfuscated(text) ? text : "unknown";

    private static bool IsPort(string text) =>
        IsObfuscated(text) || (text.Length is >= 1 and <= 5 && text.All(char.IsAsciiDigit));

    /// <summary>RFC 7239 §6.3: an underscore, and then letters, digits, dots, underscores and hyphens.</summary>
    private static bool IsObfuscated(string text) =>
        text.Length > 1 && text[0] == '_' && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string? Text(CompiledExpression expression, RuleContext context)
    {
        var sample = default(Sample);
        context.Scratch.Reset();
        return expression.TryEvaluate(context, SampleType.String, ref sample) ? Encoding.Latin1.GetString(sample.Bytes) : null;
    }
}
