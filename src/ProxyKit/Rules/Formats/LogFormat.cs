using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Formats;

/// <summary>A text with facts of the exchange and values of expressions in it: HAProxy's log-format,
/// <c>%ci asked for %HU: %ST, %[ssl_fc_sni]</c>. As an expression it always has a value, since what is not there of its parts prints nothing.
/// </summary>
/// <remarks>Immutable, as all expressions.</remarks>
public sealed class LogFormat : Expression
{
    private readonly string _text;
    private readonly RuleLanguage _language;
    private readonly FormatItem[] _items;
    private readonly FormatFlags _encoding;

    private LogFormat(string text, RuleLanguage language, FormatUse use)
    {
        _text = text;
        _language = language;
        Use = use;
        (_items, _encoding) = LogFormatParser.Parse(text, language, mergesBlanks: use is FormatUse.Log or FormatUse.UniqueId);
    }

    /// <summary>What it makes.</summary>
    public FormatUse Use { get; }

    /// <inheritdoc/>
    public override Description? Description =>
        !MeansTheSameToDefault ? _language.Description is null ? null : new(typeof(Value), nameof(Value.Format), _text, _language, Use)
        : IsConstant && Use is FormatUse.Header or FormatUse.Raw ? new(typeof(Value), nameof(Value.Text), ConstantText())
        : new(typeof(Value), nameof(Value.Format), _text, null, Use);

    /// <summary>Whether the language as it comes reads the same from the text: its words are no user's, and no files are named that are elsewhere.</summary>
    private bool MeansTheSameToDefault =>
        _language == RuleLanguage.Default
        || (_language.HasDefaultWords && !_text.Contains("map", StringComparison.Ordinal) && !_text.Contains("jwt_", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override SampleType Type => SampleType.String;

    /// <summary>Whether it is the same text for each exchange.</summary>
    internal bool IsConstant =>
        _encoding == FormatFlags.None && Array.TrueForAll(_items, static i => i.Alias is null && i.Expression is null);

    /// <summary>Reads a format.</summary>
    /// <param name="text">The format; <c>%%</c> stands for a percent sign.</param>
    /// <param name="language">The words that its expressions may use; null for those that come with ProxyKit.</param>
    /// <param name="use">What it makes.</param>
    /// <returns>The format.</returns>
    /// <exception cref="RuleFaultException">It is no format.</exception>
    public static LogFormat Parse(string text, RuleLanguage? language = null, FormatUse use = FormatUse.Log)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new LogFormat(text, language ?? RuleLanguage.Default, use);
    }

    /// <summary>The format as a configuration file would have it.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text;

    /// <summary>The same format, made for something else.</summary>
    internal LogFormat For(FormatUse use) => use == Use ? this : new LogFormat(_text, _language, use);

    /// <summary>Finds an alias that a proxy of a mode knows nothing for.</summary>
    /// <exception cref="RuleFaultException">There is one.</exception>
    internal LogFormat CheckMode(ProxyMode mode)
    {
        var alias = mode == ProxyMode.Http ? null : Array.Find(_items, static i => i.Alias is { NeedsHttp: true })?.Alias;
        return alias is null ? this : throw new RuleFaultException($"format alias '{alias.Name}' is reserved for HTTP mode");
    }

    /// <summary>Makes it ready to be written.</summary>
    /// <exception cref="RuleFaultException">It names something that is not there, or cannot be asked there.</exception>
    internal CompiledFormat CompileFormat(RuleCompiler compiler) => new(_items, _encoding, Use, compiler);

    private protected override CompiledExpression CompileOwn(RuleCompiler compiler, bool iterates)
    {
        if (IsConstant)
        {
            return CompiledExpression.Of(ConstantText());
        }

        var format = CompileFormat(compiler);
        return new CompiledExpression((context, ref sample) => sample.SetString(format.Text(context)), [], format.IsVolatile);
    }

    /// <summary>The text of one that is constant.</summary>
    internal string ConstantText()
    {
        var text = new StringBuilder();
        var endsInBlank = true; // one at the start is left out too
        foreach (var item in _items)
        {
            if (item.Text is null && endsInBlank)
            {
                continue;
            }

            text.Append(item.Text ?? " ");
            endsInBlank = item.Text is null;
        }

        return text.ToString();
    }
}
