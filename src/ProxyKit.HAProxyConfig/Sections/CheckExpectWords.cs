using System.Globalization;
using ProxyKit.Checks;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads the steps of checks that look at answers.</summary>
internal sealed class CheckExpectWords
{
    private readonly Statement _s;
    private readonly bool _isHttp;
    private int? _least;
    private CheckStatus _success = CheckStatus.Layer7Passed, _timeout = CheckStatus.Layer7TimedOut;
    private CheckStatus? _error;
    private string? _comment, _successText, _errorText;
    private bool _isNegated;

    private CheckExpectWords(Statement s, bool isHttp) => (_s, _isHttp) = (s, isHttp);

    public static void Read(Statement s, bool isHttp)
    {
        if (new CheckExpectWords(s, isHttp).Read() is { } step)
        {
            s.Proxy.Settings.Check.Add(step, isHttp);
        }
    }

    private CheckStep? Read()
    {
        CheckStep? step = null;
        for (var i = 0; i < _s.Count; i++)
        {
            var word = _s[i];
            switch (word)
            {
                case "!":
                    _isNegated = !_isNegated;
                    continue;
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
                case "ok-status" or "error-status" or "tout-status":
                    return null; // said already
                case "on-success" when CheckFormat.TryLiteral(_s, ++i, _s[i], out var text):
                    _successText = text;
                    continue;
                case "on-error" when CheckFormat.TryLiteral(_s, ++i, _s[i], out var text):
                    _errorText = text;
                    continue;
                case "on-success" or "on-error":
                    return null; // said already
                case "status-code":
                    _s.Alert(i, $"'{_s.Name} status-code' is not supported yet.");
                    return null;
            }

            if (step is not null)
            {
                _s.Alert(i, $"'{_s.Name}' : only one pattern expected.");
                return null;
            }

            while (word.StartsWith('!'))
            {
                _isNegated = !_isNegated;
                word = word[1..];
            }

            if ((step = _isHttp ? ReadHttp(word, ref i) : ReadTcp(word, ref i)) is null)
            {
                return null;
            }
        }

        if (step is null)
        {
            _s.Alert($"'{_s.Name}' : expects at least a matching pattern as arguments.");
        }

        return step switch
        {
            HttpExpectStep http => Complete(http), // what was said behind the pattern counts too
            ExpectStep tcp => Complete(tcp),
            _ => null,
        };
    }

    private ExpectStep? ReadTcp(string word, ref int i)
    {
        CheckPattern? kind = word switch
        {
            "string" or "string-lf" => CheckPattern.Text,
            "rstring" => CheckPattern.Regex,
            "binary" or "binary-lf" => CheckPattern.Binary,
            "rbinary" => CheckPattern.BinaryRegex,
            _ => null,
        };
        if (kind is null)
        {
            _s.Alert(i, $"'{_s.Name}' : only supports min-recv, '[!]string', '[!]rstring', '[!]string-lf', '[!]binary', '[!]rbinary', '[!]binary-lf' or comment "
                + $"but got '{_s[i]}' as argument.");
            return null;
        }

        if (!TryPattern(word, ref i, out var pattern))
        {
            return null;
        }

        if (kind == CheckPattern.Binary && (pattern.Length % 2 != 0 || !pattern.All(char.IsAsciiHexDigit)))
        {
            _s.Alert(i, $"'{_s.Name}' : invalid binary string (an even number of hex digit is expected).");
            return null;
        }

        return kind is CheckPattern.Regex or CheckPattern.BinaryRegex && !CheckRegex(i, pattern)
            ? null
            : new ExpectStep { Kind = kind.Value, Pattern = pattern };
    }

    private HttpExpectStep? ReadHttp(string word, ref int i)
    {
        HttpExpectation? kind = word switch
        {
            "status" => HttpExpectation.Status,
            "rstatus" => HttpExpectation.StatusRegex,
            "hdr" => HttpExpectation.Header,
            "fhdr" => HttpExpectation.WholeHeader,
            "string" or "string-lf" => HttpExpectation.Body,
            "rstring" => HttpExpectation.BodyRegex,
            _ => null,
        };
        if (kind is null)
        {
            _s.Alert(i, $"'{_s.Name}' : only supports min-recv, '[!]string', '[!]rstring', '[!]string-lf', '[!]status', '[!]rstatus', [!]hdr, [!]fhdr or comment "
                + $"but got '{_s[i]}' as argument.");
            return null;
        }

        if (kind is HttpExpectation.Header or HttpExpectation.WholeHeader)
        {
            return ReadField(kind.Value, ref i);
        }

        return !TryPattern(word, ref i, out var pattern)
            || (kind is HttpExpectation.StatusRegex or HttpExpectation.BodyRegex && !CheckRegex(i, pattern))
            || (kind == HttpExpectation.Status && !CheckStatuses(i, pattern))
            ? null
            : new HttpExpectStep { Kind = kind.Value, Pattern = pattern };
    }

    /// <summary>Reads <c>name [-m way] text [value [-m way] text]</c>.</summary>
    private HttpExpectStep? ReadField(HttpExpectation kind, ref int i)
    {
        if (!TryText("name", ref i, out var name, out var nameMatch))
        {
            return null;
        }

        string? value = null;
        var valueMatch = "str";
        if (_s[i + 1] is "value" or "value-lf" && !TryText("value", ref i, out value, out valueMatch))
        {
            return null;
        }

        return new HttpExpectStep { Kind = kind, Pattern = name!, NameMatch = nameMatch, Value = value, ValueMatch = valueMatch }; // read above
    }

    private bool TryText(string what, ref int i, out string? text, out string way)
    {
        text = null;
        way = "str";
        if (_s[++i] is var word && word != what && word != $"{what}-lf")
        {
            _s.Alert(i, $"'{_s.Name}' : expects '{what}' or '{what}-lf' but got '{word}' as argument.");
            return false;
        }

        if (_s[i + 1] == "-m")
        {
            i += 2;
            way = _s[i];
            if (way is not ("str" or "beg" or "end" or "sub" or "reg"))
            {
                _s.Alert(i, $"'{_s.Name}' : '-m' only supports 'str', 'beg', 'sub', 'end' or 'reg' as match method (got '{way}').");
                return false;
            }
        }

        if (++i >= _s.Count)
        {
            _s.Alert($"'{_s.Name}' : '{word}' expects a text as argument.");
            return false;
        }

        text = _s[i];
        return (!word.EndsWith("-lf", StringComparison.Ordinal) || CheckFormat.TryLiteral(_s, i, text, out text)) && (way != "reg" || CheckRegex(i, text));
    }

    private bool TryPattern(string word, ref int i, out string pattern)
    {
        pattern = _s[++i];
        if (i >= _s.Count)
        {
            _s.Alert($"'{_s.Name}' : '{word}' expects a pattern as argument.");
            return false;
        }

        if (word.EndsWith("-lf", StringComparison.Ordinal))
        {
            var isLiteral = CheckFormat.TryLiteral(_s, i, pattern, out var text);
            pattern = text ?? "";
            return isLiteral;
        }

        return true;
    }

    /// <summary>Statuses and ranges of them: <c>200,204,300-399</c>.</summary>
    private bool CheckStatuses(int index, string pattern)
    {
        foreach (var part in pattern.Split(','))
        {
            var ends = part.Split('-', 2);
            if (!TryNumber(ends[0], out var least) || !TryNumber(ends[^1], out var most) || most < least)
            {
                _s.Alert(index, $"'{_s.Name}' : invalid status codes range: '{part}'.");
                return false;
            }
        }

        return true;

        static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 999;
    }

    private bool CheckRegex(int index, string pattern)
    {
        if (ExpectationStep.FaultOf(pattern) is not { } fault)
        {
            return true;
        }

        _s.Alert(index, $"'{_s.Name}' : {fault}.");
        return false;
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

    private ExpectStep Complete(ExpectStep step) => new()
    {
        Kind = step.Kind,
        Pattern = step.Pattern,
        IsNegated = _isNegated,
        LeastBytes = _least,
        SuccessStatus = _success,
        ErrorStatus = _error,
        TimeoutStatus = _timeout,
        SuccessText = _successText,
        ErrorText = _errorText,
        Comment = _comment,
    };

    private HttpExpectStep Complete(HttpExpectStep step) => new()
    {
        Kind = step.Kind,
        Pattern = step.Pattern,
        NameMatch = step.NameMatch,
        Value = step.Value,
        ValueMatch = step.ValueMatch,
        IsNegated = _isNegated,
        LeastBytes = _least,
        SuccessStatus = _success,
        ErrorStatus = _error,
        TimeoutStatus = _timeout,
        SuccessText = _successText,
        ErrorText = _errorText,
        Comment = _comment,
    };
}
