using ProxyKit.Rules.Converters;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Fetches;

/// <summary>Values that are written in the configuration.</summary>
internal static class ConstantFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Of("always_true", SampleType.Boolean, static _ => static (_, ref s) => s.Set(true)),
        Of("always_false", SampleType.Boolean, static _ => static (_, ref s) => s.Set(false)),
        Of("bool", SampleType.Boolean, Truth, Argument.Text("value")),
        Of("int", SampleType.Integer, Number, Argument.Integer("value")),
        Of("ipv4", SampleType.IPv4, IPv4, Argument.Address("address")),
        Of("ipv6", SampleType.IPv6, IPv6, Argument.Address("address")),
        Of("meth", SampleType.Method, Method, Argument.Text("method")),
        Of("str", SampleType.String, Text, Argument.Text("text")),
        Of("bin", SampleType.Binary, Bytes, Argument.Text("hex")),
    ];

    private static FetchKeyword Of(string name, SampleType type, Func<KeywordUse, SampleFetch> create, params KeywordArgument[] arguments) =>
        new() { Name = name, Type = type, Create = create, Arguments = arguments, Stages = RuleStages.Always };

    private static SampleFetch Truth(KeywordUse use)
    {
        var text = use.Arguments.Text(0);
        bool? value = text.ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => null,
        };
        return value is { } known
            ? (_, ref sample) => sample.Set(known)
            : throw new FormatException($"failed to parse '{text}' as type 'boolean'");
    }

    private static SampleFetch Number(KeywordUse use)
    {
        var value = use.Arguments.Integer(0);
        return (_, ref sample) => sample.Set(value);
    }

    private static SampleFetch IPv4(KeywordUse use)
    {
        var text = use.Arguments.Text(0);
        return SampleCasts.TryReadWholeIPv4(ArgumentBytes.Of(text), out var address)
            ? (_, ref sample) => sample.SetIPv4(address)
            : throw new FormatException($"failed to parse '{text}' as type 'ipv4 address'");
    }

    private static SampleFetch IPv6(KeywordUse use)
    {
        var text = use.Arguments.Text(0);
        return AddressReader.TryReadIPv6(ArgumentBytes.Of(text), out var address)
            ? (_, ref sample) => sample.SetIPv6(address)
            : throw new FormatException($"failed to parse '{text}' as type 'ipv6 address'");
    }

    private static SampleFetch Method(KeywordUse use)
    {
        var name = ArgumentBytes.Of(use, 0);
        return (_, ref sample) => sample.SetMethod(name);
    }

    private static SampleFetch Text(KeywordUse use)
    {
        var text = ArgumentBytes.Of(use, 0);
        return (_, ref sample) => sample.SetString(text);
    }

    private static SampleFetch Bytes(KeywordUse use)
    {
        var bytes = Convert.FromHexString(use.Arguments.Text(0));
        return (_, ref sample) => sample.SetBinary(bytes);
    }
}
