using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Reads the arguments of words about stick counters.</summary>
internal static class StickArguments
{
    /// <summary>The number of a counter, or of an element of an array.</summary>
    /// <param name="use">The use of the word.</param>
    /// <param name="argument">Which argument it is, from 0.</param>
    /// <exception cref="FormatException">It is none that there could be. One that is only too high for what is stored finds nothing, as in HAProxy.</exception>
    public static int NumberAt(KeywordUse use, int argument) => use.Arguments.Integer(argument) is >= 0 and <= int.MaxValue and var number
        ? (int)number
        : throw new FormatException($"'{use.Arguments.Text(argument)}' is no number of a counter, which is one from 0 on");
}
