using System.Globalization;
using System.Text;
using ProxyKit.Regexes;

namespace ProxyKit.Checks;

/// <summary>Looks for a text, bytes or an expression in what has come.</summary>
internal sealed class ExpectingStep : ReceivingStep
{
    private readonly ExpectStep _options;
    private readonly byte[] _bytes;
    private readonly RuleRegex? _regex;

    /// <exception cref="FormatException">The bytes are no hexadecimal digits, or the expression is none.</exception>
    public ExpectingStep(ExpectStep options)
    {
        _options = options;
        TimeoutStatus = options.TimeoutStatus;
        Comment = options.Comment;
        _bytes = options.Kind switch
        {
            CheckPattern.Text => Encoding.Latin1.GetBytes(options.Pattern),
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

        if (!run.IsOver && received.Length < Math.Max(_options.LeastBytes ?? 0, _bytes.Length))
        {
            return null;
        }

        var isFound = _regex is null
            ? received.IndexOf(_bytes) >= 0
            : _options.Kind == CheckPattern.Regex ? _regex.IsFoundIn(received)
            : _regex.IsFoundIn(Convert.ToHexString(received));
        if (!isFound && !run.IsOver && _options.LeastBytes is null)
        {
            return null;
        }

        return isFound != _options.IsNegated
            ? new CheckResult(_options.SuccessStatus, 0, _options.SuccessText ?? (_options.SuccessStatus == CheckStatus.Layer7Passed ? "(tcp-check)" : null))
            : Fail(_options.ErrorText ?? Mismatch());
    }

    protected override CheckResult Empty(CheckRun run) =>
        Fail(_options.ErrorText ?? string.Create(CultureInfo.InvariantCulture, $"TCPCHK got an empty response at step {Number}{Remark}"));

    private string Remark => Comment is { } text ? $" comment: {text}" : "";

    private string Mismatch()
    {
        var content = _options.Kind == CheckPattern.Text ? $"'{_options.Pattern}'" : $"({Kind})";
        return string.Create(
            CultureInfo.InvariantCulture, $"TCPCHK {(_options.IsNegated ? "matched unwanted" : "did not match")} content {content} at step {Number}{Remark}");
    }

    private CheckResult Fail(string info) => new(_options.ErrorStatus ?? CheckStatus.Layer7Invalid, 0, info);
}
