using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Regexes;
using ProxyKit.Rules;

namespace ProxyKit.Checks;

/// <summary>Looks at a response.</summary>
internal sealed class HttpExpectingStep : ReceivingStep
{
    private readonly HttpExpectStep _options;
    private readonly StatusList? _statuses;
    private readonly RuleRegex? _regex;
    private readonly FieldExpectation? _field;
    private readonly byte[] _text;
    private readonly bool _takesNotFound, _isHead;
    private readonly CheckValue? _pattern, _value;
    private readonly ExpectationTexts _texts;

    /// <param name="options">What was written.</param>
    /// <param name="takesNotFound">Whether a status 404 is a pass with a condition.</param>
    /// <param name="isHead">Whether the request was one for a head alone.</param>
    /// <param name="compiler">Finds what formats name; null where nothing will be run.</param>
    /// <exception cref="FormatException">The statuses or the expression are none.</exception>
    /// <exception cref="ArgumentException">A way to compare is none, or statuses or an expression are to be made anew for each check.</exception>
    /// <exception cref="RuleFaultException">A format names something that is not there.</exception>
    public HttpExpectingStep(HttpExpectStep options, bool takesNotFound, bool isHead, RuleCompiler? compiler)
    {
        if (options is { PatternFormat: not null, Kind: HttpExpectation.Status or HttpExpectation.StatusRegex or HttpExpectation.BodyRegex })
        {
            throw new ArgumentException($"a {nameof(options.PatternFormat)} is not for {options.Kind}");
        }

        if (options is { PatternFormat: not null, NameMatch: "reg" } or { ValueFormat: not null, ValueMatch: "reg" })
        {
            throw new ArgumentException("a regular expression cannot be made anew for each check");
        }

        _options = options;
        _pattern = CheckValue.Of(options.PatternFormat, compiler);
        _value = CheckValue.Of(options.ValueFormat, compiler);
        _texts = new(options, compiler);
        _takesNotFound = takesNotFound;
        _isHead = isHead;
        TimeoutStatus = options.TimeoutStatus;
        _text = options.Kind == HttpExpectation.Body ? Encoding.UTF8.GetBytes(options.Pattern) : [];
        _statuses = options.Kind == HttpExpectation.Status ? StatusList.Parse(options.Pattern) : null;
        _regex = options.Kind is HttpExpectation.StatusRegex or HttpExpectation.BodyRegex ? RuleRegex.Parse(options.Pattern, ignoresCase: false) : null;
        _field = options.Kind is HttpExpectation.Header or HttpExpectation.WholeHeader ? new FieldExpectation(options, CheckText.Wire(options.Pattern), WireValue) : null;
    }

    public override string Name => $"expect {_options.Kind}";

    private string? WireValue => _options.Value is { } value ? CheckText.Wire(value) : null;

    protected override CheckResult? Judge(CheckRun run)
    {
        if (run.Received.IsEmpty)
        {
            return Invalid(run);
        }

        var response = new ResponseHead();
        var parsed = Parse(run, response, out var start);
        switch (parsed.Status)
        {
            case ParseStatus.Refused:
                return Invalid(run);
            case ParseStatus.Incomplete:
                return run.IsOver ? Invalid(run) : null;
        }

        run.Note(response, start + response.Length);

        if (_takesNotFound && response.Status == 404)
        {
            return new CheckResult(CheckStatus.Layer7PassedConditionally, 404);
        }

        return _options.Kind switch
        {
            HttpExpectation.Status => Decide(run, response, _statuses!.Contains(response.Status)), // made for this kind, as those below
            HttpExpectation.StatusRegex => Decide(run, response, _regex!.IsFoundIn(response.Status.ToString("000", null))),
            HttpExpectation.Header or HttpExpectation.WholeHeader => FieldOf(run) is { } field ? Decide(run, response, field.IsMet(response.Headers)) : FailUnmade(run, response),
            _ => JudgeBody(run, response, start + response.Length),
        };
    }

    private static ParseResult Parse(CheckRun run, ResponseHead response, out int start)
    {
        var parser = new ResponseHeadParser();
        start = 0;
        while (true)
        {
            parser.Start(response, run.Buffer, start, RequestMethod.Get);
            var parsed = parser.Parse(run.Length);
            if (parsed.Status != ParseStatus.Complete || !response.IsInformational)
            {
                return parsed;
            }

            start += response.Length; // an informational response: the final one follows
        }
    }

    private CheckResult? JudgeBody(CheckRun run, ResponseHead response, int start)
    {
        var body = new CheckedBody(response, run.Buffer.AsSpan(start, run.Length - start), run.IsOver || _isHead);
        if (body.IsInvalid)
        {
            return Invalid(run);
        }

        if (body.Bytes.IsEmpty)
        {
            return body.IsComplete ? Fail(run, response, CheckStatus.Layer7Invalid, "HTTP content check could not find a response body") : null;
        }

        var text = _pattern?.Bytes(run) ?? _text;
        if (_pattern is not null && text.Length == 0)
        {
            return FailUnmade(run, response);
        }

        if (!body.IsComplete && body.Bytes.Length < Math.Max(_options.LeastBytes ?? 0, text.Length))
        {
            return null;
        }

        var isFound = _regex is null ? body.Bytes.IndexOf(text) >= 0 : _regex.IsFoundIn(body.Bytes);
        if (!isFound && !body.IsComplete && _options.LeastBytes is null)
        {
            return null;
        }

        return isFound != _options.IsNegated
            ? Pass(run, response)
            : Fail(run, response, CheckStatus.Layer7Invalid, _options.IsNegated ? "HTTP check matched unwanted content" : "HTTP content check did not match");
    }

    protected override CheckResult Empty(CheckRun run) => Invalid(run);

    /// <summary>The field for a check; null where a format of it has come out empty.</summary>
    private FieldExpectation? FieldOf(CheckRun run)
    {
        if (_pattern is null && _value is null)
        {
            return _field;
        }

        var (name, value) = (_pattern?.Text(run), _value?.Text(run));
        return name is "" || value is "" ? null : new FieldExpectation(_options, name ?? CheckText.Wire(_options.Pattern), value ?? WireValue);
    }

    private CheckResult Decide(CheckRun run, ResponseHead response, bool isMet) =>
        isMet != _options.IsNegated ? Pass(run, response) : Fail(run, response, CheckStatus.Layer7WrongStatus, Show(response));

    /// <summary>What is empty would be found in any answer, and the check say nothing of the server.</summary>
    private CheckResult FailUnmade(CheckRun run, ResponseHead response) =>
        Fail(run, response, CheckStatus.Layer7Invalid, $"http-check expect : failed to build log-format string at step {Number}");

    private CheckResult Pass(CheckRun run, ResponseHead response) => _texts.Pass(run, response.Status, null);

    private CheckResult Fail(CheckRun run, ResponseHead response, CheckStatus status, string info) => _texts.Fail(run, status, response.Status, info);

    private CheckResult Invalid(CheckRun run) => _texts.Fail(run, CheckStatus.Layer7Invalid, 0, "");

    private static string Show(ResponseHead response) => CheckText.Of(response.Reason);
}
