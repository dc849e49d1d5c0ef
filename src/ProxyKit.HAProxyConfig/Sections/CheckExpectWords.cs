using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads the steps of checks that look at answers.</summary>
internal sealed class CheckExpectWords
{
    private readonly Statement _s;
    private readonly bool _isHttp;
    private int? _least;
    private CheckStatus _success = CheckStatus.Layer7Passed, _timeout = CheckStatus.Layer7TimedOut;
    private CheckStatus? _error;
    private string? _comment;
    private CheckFormat _successText, _errorText;
    private Expression? _code;
    private bool _isNegated;

    private CheckExpectWords(Statement s, bool isHttp) => (_s, _isHttp) = (s, isHttp);

    public static void Read(Statement s, bool isHttp)
    {
        if (new CheckExpectWords(s, isHttp).Read() is { } step)
        {
            s.Check.Add(step, isHttp);
        }
    }

    private CheckStep? Read()
    {
        CheckPatternWords? pattern = null;
        for (var i = 0; i < _s.Count; i++)
        {
            var word = _s[i];
            switch (word)
            {
                case "!":
                    _isNegated = !_isNegated;
                    continue;
                case "comment" when _s[i + 1].Length == 0:
                    _s.Alert(i, $"'{_s.Name}' : '{word}' expects a string as argument.");
                    return null;
                case "comment":
                    _comment = _s[++i];
                    continue;
                case "min-recv":
                    if (!_s.TryInteger(++i, -1, int.MaxValue, out var least))
                    {
                        return null;
                    }

                    _least = least < 0 ? null : least;
                    continue;
                case "ok-status" when TryStatus(++i, out var status, "L7OK", "L7OKC", "L6OK", "L4OK"):
                    _success = status;
                    continue;
                case "error-status" when TryStatus(++i, out var status, "L7OKC", "L7RSP", "L7STS", "L6RSP", "L4CON"):
                    _error = status;
                    continue;
                case "tout-status" when TryStatus(++i, out var status, "L7TOUT", "L6TOUT", "L4TOUT"):
                    _timeout = status;
                    continue;
                case "on-success" when CheckFormat.TryRead(_s, ++i, out var text):
                    _successText = text;
                    continue;
                case "on-error" when CheckFormat.TryRead(_s, ++i, out var text):
                    _errorText = text;
                    continue;
                case "status-code" when CheckFormat.ReadExpression(_s, ++i) is { } code:
                    _code = code;
                    continue;
                case "ok-status" or "error-status" or "tout-status" or "on-success" or "on-error" or "status-code":
                    return null; // said already
            }

            if (pattern is not null)
            {
                _s.Alert(i, $"'{_s.Name}' : only one pattern expected.");
                return null;
            }

            while (word.StartsWith('!'))
            {
                _isNegated = !_isNegated;
                word = word[1..];
            }

            pattern = new CheckPatternWords(_s, _isHttp);
            if (!pattern.TryRead(word, ref i))
            {
                return null;
            }
        }

        if (pattern is null)
        {
            _s.Alert($"'{_s.Name}' : expects at least a matching pattern as arguments.");
            return null;
        }

        return _isHttp ? InResponse(pattern) : InBytes(pattern); // what was said behind the pattern counts too
    }

    private bool TryStatus(int index, out CheckStatus status, params string[] allowed)
    {
        status = _s[index] switch
        {
            "L7OK" => CheckStatus.Layer7Passed,
            "L7OKC" => CheckStatus.Layer7PassedConditionally,
            "L6OK" => CheckStatus.Layer6Passed,
            "L4OK" => CheckStatus.Layer4Passed,
            "L7RSP" => CheckStatus.Layer7Invalid,
            "L7STS" => CheckStatus.Layer7WrongStatus,
            "L6RSP" => CheckStatus.Layer6Failed,
            "L4CON" => CheckStatus.Layer4Failed,
            "L7TOUT" => CheckStatus.Layer7TimedOut,
            "L6TOUT" => CheckStatus.Layer6TimedOut,
            _ => CheckStatus.Layer4TimedOut,
        };
        if (Array.IndexOf(allowed, _s[index]) >= 0)
        {
            return true;
        }

        _s.Alert(index, $"'{_s.Name}' : '{_s[index - 1]}' only supports {string.Join(", ", allowed.Select(static a => $"'{a}'"))} status (got '{_s[index]}').");
        return false;
    }

    private ExpectStep InBytes(CheckPatternWords pattern) => new()
    {
        Kind = pattern.InBytes,
        Pattern = pattern.Pattern.Text ?? "",
        PatternFormat = pattern.Pattern.Made,
        IsNegated = _isNegated,
        LeastBytes = _least,
        SuccessStatus = _success,
        ErrorStatus = _error,
        TimeoutStatus = _timeout,
        SuccessText = _successText.Text,
        SuccessFormat = _successText.Made,
        ErrorText = _errorText.Text,
        ErrorFormat = _errorText.Made,
        StatusCode = _code,
        Comment = _comment,
    };

    private HttpExpectStep InResponse(CheckPatternWords pattern) => new()
    {
        Kind = pattern.InResponse,
        Pattern = pattern.Pattern.Text ?? "",
        PatternFormat = pattern.Pattern.Made,
        NameMatch = pattern.NameMatch,
        Value = pattern.Value.Text,
        ValueFormat = pattern.Value.Made,
        ValueMatch = pattern.ValueMatch,
        IsNegated = _isNegated,
        LeastBytes = _least,
        SuccessStatus = _success,
        ErrorStatus = _error,
        TimeoutStatus = _timeout,
        SuccessText = _successText.Text,
        SuccessFormat = _successText.Made,
        ErrorText = _errorText.Text,
        ErrorFormat = _errorText.Made,
        StatusCode = _code,
        Comment = _comment,
    };
}
