using System.Buffers;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>A field of RFC 7239, ready to be written for a request.</summary>
internal sealed class Rfc7239Field
{
    private const int LongestPort = 5;

    private static readonly SearchValues<byte> OfPorts = SearchValues.Create("0123456789"u8);

    /// <summary>RFC 7239 §6.3, behind the underscore.</summary>
    private static readonly SearchValues<byte> OfNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"u8);

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
        var writer = new ForwardedWriter(stackalloc byte[ForwardedWriter.UsualLength]);
        if (_proto)
        {
            writer.AddProto(context.Session.IsSecure);
        }

        AddHost(ref writer, context);
        AddNode(ref writer, "by"u8, _by, _byPort, context);
        AddNode(ref writer, "for"u8, _for, _forPort, context);
        if (!writer.Written.IsEmpty)
        {
            request.Headers.Add("forwarded"u8, writer.Written);
        }
    }

    private void AddHost(ref ForwardedWriter writer, RuleContext context)
    {
        context.ResetScratch();
        var host = default(Sample);
        if (_host is not null && _host.TryEvaluate(context, SampleType.String, ref host))
        {
            writer.AddHost(HeaderText.Escape(context, host.Bytes)); // which may come out of a converter: nothing in it ends the line
        }
    }

    private static void AddNode(
        ref ForwardedWriter writer, ReadOnlySpan<byte> parameter, CompiledExpression? node, CompiledExpression? port, RuleContext context)
    {
        if (node is null && port is null)
        {
            return;
        }

        context.ResetScratch();
        var name = node is null ? "unknown"u8 : NameOf(node, context);
        var number = port is null ? default : port.Text(context);
        writer.AddNode(parameter, name, IsPort(number) ? number : default);
    }

    /// <summary>What a node may be called: an address, or an obfuscated name.</summary>
    private static ReadOnlySpan<byte> NameOf(CompiledExpression node, RuleContext context)
    {
        var sample = default(Sample);
        if (!node.TryEvaluate(context, ref sample))
        {
            return "unknown"u8;
        }

        if (sample.Type is not (SampleType.IPv4 or SampleType.IPv6) && SampleCasts.TryCast(context, ref sample, SampleType.String))
        {
            if (IsObfuscated(sample.Bytes))
            {
                return sample.Bytes;
            }

            if (!TryReadAddress(ref sample))
            {
                return "unknown"u8;
            }
        }

        if (sample.Type == SampleType.IPv6 && sample.IPv6 == SampleCasts.Mapped((uint)sample.IPv6))
        {
            sample.SetIPv4((uint)sample.IPv6);
        }

        return SampleCasts.TryCast(context, ref sample, SampleType.String) ? sample.Bytes : "unknown"u8;
    }

    private static bool TryReadAddress(ref Sample sample) =>
        SampleCasts.TryReadWholeIPv4(sample.Bytes, out var address) ? sample.SetIPv4(address)
        : AddressReader.TryReadIPv6(sample.Bytes, out var bits) && sample.SetIPv6(bits);

    private static bool IsPort(ReadOnlySpan<byte> text) =>
        IsObfuscated(text) || (text.Length is >= 1 and <= LongestPort && !text.ContainsAnyExcept(OfPorts));

    private static bool IsObfuscated(ReadOnlySpan<byte> text) => text.Length > 1 && text[0] == '_' && !text[1..].ContainsAnyExcept(OfNames);
}
