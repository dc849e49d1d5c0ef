using System.Globalization;
using System.Text;
using ProxyKit.Regexes;
using ProxyKit.Rules;

namespace ProxyKit.Checks;

/// <summary>Looks for a text, bytes or an expression in what has come.</summary>
internal sealed class ExpectingStep : ReceivingStep
{
    private readonly ExpectStep _options;
    private readonly byte[] _bytes;
    private readonly RuleRegex? _regex;
    private readonly CheckValue? _format;
    private readonly ExpectationTexts _texts;

    /// <param name="options">What was written.</param>
    /// <param name="compiler">Finds what formats name; null where nothing will be run.</param>
    /// <exception cref="FormatException">The bytes are no hexadecimal digits, or the expression is none.</exception>
    /// <exception cref="ArgumentException">An expression is to be made anew for each check.</exception>
    /// <exception cref="RuleFaultException">A format names something that is not there.</exception>
    public ExpectingStep(ExpectStep options, RuleCompiler? compiler)
    {
        if (options is { PatternFormat: not null, Kind: CheckPattern.Regex or CheckPattern.BinaryRegex })
        {
            throw new ArgumentException($"a {nameof(options.PatternFormat)} is not for {options.Kind}");
        }

        _options = options;
        _format = CheckValue.Of(options.PatternFormat, compiler);
        _texts = new(options, compiler);
        TimeoutStatus = options.TimeoutStatus;
        Comment = options.Comment;
        _bytes = options.Kind switch
        {
            CheckPattern.Text => Encoding.UTF8.GetBytes(options.Pattern),
            CheckPattern.Binary => Convert.FromHexString(options.Pattern),
            _ => [],
        };
        _regex = options.Kind is CheckPattern.Regex or CheckPattern.BinaryRegex ? RuleRegex.Parse(options.Pattern, ignoresCase: false) : null;
    }

    public override string Name => $"expect {Kind} '{_options.Pattern}'";

    private string Kind => _options.Kind switch
    {
        CheckPattern.Text => "string",
        CheckPattern.Regex => "regex",
        CheckPattern.Binary => "binary string",
        _ => "binary regex",
    };

    public override bool PlacesItself(CheckResult result) => result.Status != TimeoutStatus;

    protected override CheckResult? Judge(CheckRun run)
    {
        var received = run.Received;
        if (received.IsEmpty)
        {
            return null; // it is over, and there was nothing
        }

        var bytes = _format is null ? _bytes : _options.Kind == CheckPattern.Binary ? _format.FromHexadecimal(run) : _format.Bytes(run);
        if (bytes is null || (_format is not null && bytes.Length == 0)) // which would be found in any answer
        {
            return Fail(run, $"tcp-check expect : failed to build log-format string at step {Number}");
        }

        if (!run.IsOver && received.Length < Math.Max(_options.LeastBytes ?? 0, bytes.Length))
        {
            return null;
        }

        var isFound = _regex is null
            ? received.IndexOf(bytes) >= 0
            : _options.Kind == CheckPattern.Regex ? _regex.IsFoundIn(received)
            : _regex.IsFoundIn(Convert.ToHexString(received));
        if (!isFound && !run.IsOver && _options.LeastBytes is null)
        {
            return null;
        }

        return isFound != _options.IsNegated
            ? _texts.Pass(run, 0, _options.SuccessStatus == CheckStatus.Layer7Passed ? "(tcp-check)" : null)
            : Fail(run, Mismatch(bytes));
    }

    protected override CheckResult Empty(CheckRun run) =>
        Fail(run, string.Create(CultureInfo.InvariantCulture, $"TCPCHK got an empty response at step {Number}{Remark}"));

    private string Remark => Comment is { } text ? $" comment: {text}" : "";

    private string Mismatch(byte[] bytes)
    {
        var content = _options.Kind != CheckPattern.Text ? $"({Kind})" : $"'{(_format is null ? _options.Pattern : CheckText.Of(Encoding.Latin1.GetString(bytes)))}'";
        return string.Create(
            CultureInfo.InvariantCulture, $"TCPCHK {(_options.IsNegated ? "matched unwanted" : "did not match")} content {content} at step {Number}{Remark}");
    }

    private CheckResult Fail(CheckRun run, string info) => _texts.Fail(run, CheckStatus.Layer7Invalid, 0, info);
}
