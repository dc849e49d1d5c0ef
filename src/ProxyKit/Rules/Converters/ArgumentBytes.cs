using System.Text;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Converters;

/// <summary>Reads arguments as bytes: those that a configuration file in UTF-8 has.</summary>
internal static class ArgumentBytes
{
    /// <summary>The argument's bytes; none where it is not there.</summary>
    public static byte[] Of(KeywordUse use, int index) => Of(use.Arguments.Text(index));

    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);
}
