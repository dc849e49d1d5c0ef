using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Regexes;

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

    /// <exception cref="FormatException">The statuses or the expression are none.</exception>
    /// <exception cref="ArgumentException">A way to compare is none.</exception>
    public HttpExpectingStep(HttpExpectStep options, bool takesNotFound, bool isHead)
    {
        _options = options;
        _takesNotFound = takesNotFound;
        _isHead = isHead;
        TimeoutStatus = options.TimeoutStatus;
        _text = options.Kind == HttpExpectation.Body ? Encoding.Latin1.GetBytes(options.Pattern) : [];
        _statuses = options.Kind == HttpExpectation.Status ? StatusList.Parse(options.Pattern) : null;
        _regex = options.Kind is HttpExpectation.StatusRegex or HttpExpectation.BodyRegex ? RuleRegex.Parse(options.Pattern, ignoresCase: false) : null;
        _field = options.Kind is HttpExpectation.Header or HttpExpectation.WholeHeader ? new FieldExpectation(options) : null;
    }

    public override string Name => $"expect {_options.Kind}";

    protected override CheckResult? Judge(CheckRun run)
    {
        if (run.Received.IsEmpty)
        {
            return Invalid("");
        }

        var response = new ResponseHead();
        var parsed = Parse(run, response, out var start);
        switch (parsed.Status)
        {
            case ParseStatus.Refused:
                return Invalid("");
            case ParseStatus.Incomplete:
                return run.IsOver ? Invalid("") : null;
        }

        if (_takesNotFound && response.Status == 404)
        {
            return new CheckResult(CheckStatus.Layer7PassedConditionally, 404);
        }

        return _options.Kind switch
        {
            HttpExpectation.Status => Decide(response, _statuses!.Contains(response.Status)), // made for this kind, as those below
            HttpExpectation.StatusRegex => Decide(response, _regex!.IsFoundIn(response.Status.ToString("000", null))),
            HttpExpectation.Header or HttpExpectation.WholeHeader => Decide(response, _field!.IsMet(response.Headers)),
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
            return Invalid("");
        }

        if (body.Bytes.IsEmpty)
        {
            return body.IsComplete ? Fail(response, CheckStatus.Layer7Invalid, "HTTP content check could not find a response body") : null;
        }

        if (!body.IsComplete && body.Bytes.Length < Math.Max(_options.LeastBytes ?? 0, _text.Length))
        {
            return null;
        }

        var isFound = _regex is null ? body.Bytes.IndexOf(_text) >= 0 : _regex.IsFoundIn(body.Bytes);
        if (!isFound && !body.IsComplete && _options.LeastBytes is null)
        {
            return null;
        }

        return isFound != _options.IsNegated
            ? Pass(response)
            : Fail(response, CheckStatus.Layer7Invalid, _options.IsNegated ? "HTTP check matched unwanted content" : "HTTP content check did not match");
    }

    protected override CheckResult Empty(CheckRun run) => Invalid("");

    private CheckResult Decide(ResponseHead response, bool isMet) =>
        isMet != _options.IsNegated ? Pass(response) : Fail(response, CheckStatus.Layer7WrongStatus, Show(response));

    private CheckResult Pass(ResponseHead response) => new(_options.SuccessStatus, response.Status, _options.SuccessText);

    private CheckResult Fail(ResponseHead response, CheckStatus status, string info) =>
        new(_options.ErrorStatus ?? status, response.Status, _options.ErrorText ?? info);

    private CheckResult Invalid(string info) => new(_options.ErrorStatus ?? CheckStatus.Layer7Invalid, 0, _options.ErrorText ?? info);

    private static string Show(ResponseHead response) => CheckText.Of(response.Reason);
}
