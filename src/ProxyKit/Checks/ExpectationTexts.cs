using ProxyKit.Rules;

namespace ProxyKit.Checks;

/// <summary>What is said where an expectation is met or not, made ready.</summary>
internal sealed class ExpectationTexts
{
    private readonly ExpectationStep _options;
    private readonly CheckValue? _success, _error, _code;

    /// <param name="options">What was written.</param>
    /// <param name="compiler">Finds what formats name; null where nothing will be run.</param>
    /// <exception cref="RuleFaultException">One names something that is not there, or cannot be asked by a check.</exception>
    public ExpectationTexts(ExpectationStep options, RuleCompiler? compiler)
    {
        _options = options;
        _success = CheckValue.Of(options.SuccessFormat, compiler);
        _error = CheckValue.Of(options.ErrorFormat, compiler);
        _code = CheckValue.Of(options.StatusCode, compiler);
    }

    /// <summary>It is met.</summary>
    /// <param name="run">The check under way.</param>
    /// <param name="code">The response's status; 0 for none.</param>
    /// <param name="info">What is said where nothing else was written.</param>
    public CheckResult Pass(CheckRun run, int code, string? info) => new(_options.SuccessStatus, Code(run, code), Show(_success, run) ?? _options.SuccessText ?? info);

    /// <summary>It is not.</summary>
    /// <param name="run">The check under way.</param>
    /// <param name="status">What comes of it where nothing else was written.</param>
    /// <param name="code">The response's status; 0 for none.</param>
    /// <param name="info">What is said where nothing else was written.</param>
    public CheckResult Fail(CheckRun run, CheckStatus status, int code, string info) =>
        new(_options.ErrorStatus ?? status, Code(run, code), Show(_error, run) ?? _options.ErrorText ?? info);

    private static string? Show(CheckValue? value, CheckRun run) => value is null ? null : CheckText.Of(value.Text(run));

    private int Code(CheckRun run, int code) => _code?.Integer(run) is { } own ? (int)own : code;
}
