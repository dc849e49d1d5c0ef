using System.Text;
using ProxyKit.Http;
using ProxyKit.Regexes;

namespace ProxyKit.Checks;

/// <summary>A header field that is expected.</summary>
internal sealed class FieldExpectation
{
    private readonly Func<string, bool> _isName;
    private readonly Func<string, bool>? _isValue;
    private readonly bool _isWhole;

    /// <param name="options">What was written.</param>
    /// <param name="name">The field's name, its characters being bytes, as fields have them.</param>
    /// <param name="value">Its value, likewise; null for any.</param>
    /// <exception cref="FormatException">An expression is none.</exception>
    /// <exception cref="ArgumentException">A way to compare is none.</exception>
    public FieldExpectation(HttpExpectStep options, string name, string? value)
    {
        _isName = Comparer(options.NameMatch, name, ignoresCase: true);
        _isValue = value is not null ? Comparer(options.ValueMatch, value, ignoresCase: false) : null;
        _isWhole = options.Kind == HttpExpectation.WholeHeader;
    }

    public bool IsMet(HeaderBlock headers)
    {
        foreach (var (name, value) in headers.All())
        {
            if (_isName(name) && (_isValue is null || (_isWhole ? _isValue(value) : Array.Exists(value.Split(','), v => _isValue(v.Trim(' ', '\t'))))))
            {
                return true;
            }
        }

        return false;
    }

    private static Func<string, bool> Comparer(string way, string text, bool ignoresCase)
    {
        var how = ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return way switch
        {
            "str" => other => other.Equals(text, how),
            "beg" => other => other.StartsWith(text, how),
            "end" => other => other.EndsWith(text, how),
            "sub" => other => other.Contains(text, how),
            "reg" => OfRegex(RuleRegex.Parse(Encoding.Latin1.GetBytes(text), ignoresCase)),
            _ => throw new ArgumentException($"'{way}' is none of 'str', 'beg', 'end', 'sub' and 'reg'"),
        };
    }

    private static Func<string, bool> OfRegex(RuleRegex regex) => other => regex.IsFoundIn(other);
}
