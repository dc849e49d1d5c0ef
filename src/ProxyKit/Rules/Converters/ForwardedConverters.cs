using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters;

/// <summary>The Forwarded field (RFC 7239), one element of it.</summary>
internal static class ForwardedConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of(
            "rfc7239_is_valid", SampleType.String, SampleType.Boolean,
            static (context, ref s) => s.Set(ForwardedElement.TryParse(s.Bytes, out _))),
        Converter.Of("rfc7239_field", SampleType.String, SampleType.String, Field, Argument.Text("field")),
        Converter.Of(
            "rfc7239_n2nn", SampleType.String, Any, static (_, ref s) => ForwardedNode.TryParse(s.Bytes, out var node) && node.TryGetName(ref s)),
        Converter.Of(
            "rfc7239_n2np", SampleType.String, Any, static (_, ref s) => ForwardedNode.TryParse(s.Bytes, out var node) && node.TryGetPort(ref s)),
        Converter.Of("rfc7239_nn", Any, SampleType.String, ToName),
        Converter.Of("rfc7239_np", Any, SampleType.String, ToPort),
    ];

    private static SampleConverter Field(KeywordUse use)
    {
        var field = use.Arguments.Text(0);
        return field switch
        {
            "proto" => static (_, ref s) => ForwardedElement.TryParse(s.Bytes, out var e) && Give(e.Proto, ref s),
            "host" => static (_, ref s) => ForwardedElement.TryParse(s.Bytes, out var e) && Give(e.Host, ref s),
            "for" => static (_, ref s) => ForwardedElement.TryParse(s.Bytes, out var e) && Give(e.For, ref s),
            "by" => static (_, ref s) => ForwardedElement.TryParse(s.Bytes, out var e) && Give(e.By, ref s),
            _ => throw new FormatException($"unknown field '{field}', one of proto, host, for and by is expected"),
        };
    }

    private static bool Give(ReadOnlySpan<byte> value, ref Sample sample) => !value.IsEmpty && sample.SetString(value);

    private static bool ToName(RuleContext context, ref Sample sample)
    {
        switch (sample.Type)
        {
            case SampleType.IPv4:
                return SampleCasts.TryCast(context, ref sample, SampleType.String);
            case SampleType.IPv6:
                return SampleCasts.TryCast(context, ref sample, SampleType.String) && Wrap(context, ref sample, "["u8, "]"u8);
            default:
                return SampleCasts.TryCast(context, ref sample, SampleType.String)
                    && (sample.Bytes.IsEmpty ? sample.SetString("unknown"u8) : ToObfuscated(context, ref sample));
        }
    }

    private static bool ToPort(RuleContext context, ref Sample sample)
    {
        if (sample.Type == Integer)
        {
            sample.Set((long)(uint)sample.Integer);
            return SampleCasts.TryCast(context, ref sample, SampleType.String);
        }

        return SampleCasts.TryCast(context, ref sample, SampleType.String) && !sample.Bytes.IsEmpty && ToObfuscated(context, ref sample);
    }

    private static bool ToObfuscated(RuleContext context, ref Sample sample) =>
        !sample.Bytes.ContainsAnyExcept(ForwardedNode.Obfuscated) && Wrap(context, ref sample, "_"u8, default);

    private static bool Wrap(RuleContext context, ref Sample sample, ReadOnlySpan<byte> before, ReadOnlySpan<byte> behind)
    {
        var writer = new ResultWriter(context, before.Length + sample.Bytes.Length + behind.Length);
        writer.Write(before);
        writer.Write(sample.Bytes);
        writer.Write(behind);
        return sample.SetString(writer.Finish());
    }
}
