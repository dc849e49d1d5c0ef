using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Declares converters in one line each.</summary>
internal static class Converter
{
    /// <summary>A converter without arguments.</summary>
    public static ConverterKeyword Of(string name, SampleType input, SampleType output, SampleConverter converter) =>
        new() { Name = name, Input = input, Output = output, Create = _ => converter };

    /// <summary>A converter that its arguments make.</summary>
    public static ConverterKeyword Of(
        string name, SampleType input, SampleType output, Func<KeywordUse, SampleConverter> create, params KeywordArgument[] arguments) =>
        new() { Name = name, Input = input, Output = output, Create = create, Arguments = arguments };
}
