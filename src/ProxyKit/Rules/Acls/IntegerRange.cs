using System.Globalization;

namespace ProxyKit.Rules.Acls;

/// <summary>Numbers from one to another: <c>5</c>, <c>5:9</c>, <c>5:</c>, <c>:9</c>; as versions, <c>3.1:3.3</c>.</summary>
internal readonly record struct IntegerRange(long Low, long High)
{
    /// <summary>Reads a range.</summary>
    /// <exception cref="RuleFaultException">It is none.</exception>
    public static IntegerRange Parse(string text, bool isDotted)
    {
        if (isDotted)
        {
            return TryParse(text, isDotted: true, out var version) ? version : throw new RuleFaultException($"'{text}' is not a dotted number");
        }

        if (TryParse(text, isDotted: text.Contains('.', StringComparison.Ordinal), out var range))
        {
            return range;
        }

        throw new RuleFaultException(text.Contains(':', StringComparison.Ordinal)
            ? $"'{text}' is not a valid number range"
            : $"'{text}' is not a number");
    }

    /// <summary>The range that an operator makes of a number; a range of its own stays what it is.</summary>
    public static string Apply(string comparison, string pattern, bool isDotted)
    {
        isDotted |= pattern.Contains('.', StringComparison.Ordinal);
        if (pattern.Contains(':', StringComparison.Ordinal) || !TryParse(pattern, isDotted, out var range))
        {
            return pattern; // which is told when the pattern is read
        }

        var value = range.Low;
        return comparison switch
        {
            "ge" => Text(value) + ":",
            "le" => ":" + Text(value),
            "gt" when value < long.MaxValue => Text(value + 1) + ":",
            "lt" when value > long.MinValue => ":" + Text(value - 1),
            _ => pattern,
        };

        string Text(long number) => isDotted
            ? string.Create(CultureInfo.InvariantCulture, $"{number >> 16}.{number & ushort.MaxValue}")
            : number.ToString(CultureInfo.InvariantCulture);
    }

    public static bool IsOperator(string word) => word is "eq" or "ge" or "gt" or "le" or "lt";

    private static bool TryParse(string text, bool isDotted, out IntegerRange range)
    {
        range = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            var isNumber = TryParseNumber(text, isDotted, out var value);
            range = new(value, value);
            return isNumber;
        }

        long low = long.MinValue, high = long.MaxValue;
        string first = text[..colon], last = text[(colon + 1)..];
        var isRange = text.Length > 1
            && (first.Length == 0 || TryParseNumber(first, isDotted, out low))
            && (last.Length == 0 || TryParseNumber(last, isDotted, out high))
            && low <= high;
        range = new(low, high);
        return isRange;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, bool isDotted, out long value)
    {
        if (!isDotted)
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && text[0] != '+';
        }

        // HAProxy has versions as numbers: 16 bits before the dot, 16 behind it.
        var dot = text.IndexOf('.');
        value = 0;
        ushort minor = 0;
        if (!ushort.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || (dot >= 0 && !ushort.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out minor)))
        {
            return false;
        }

        value = ((long)major << 16) | minor;
        return true;
    }
}
