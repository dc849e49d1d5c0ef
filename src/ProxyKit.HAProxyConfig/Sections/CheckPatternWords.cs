using System.Globalization;
using ProxyKit.Checks;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads what a step of a check expects: <c>string PONG</c>, <c>hdr name x value-lf %[var(check.x)]</c>.</summary>
internal sealed class CheckPatternWords(Statement s, bool isHttp)
{
    /// <summary>What is looked at in a response.</summary>
    public HttpExpectation InResponse { get; private set; }

    /// <summary>How the pattern is meant where there is no response.</summary>
    public CheckPattern InBytes { get; private set; }

    /// <summary>The text, the expression, or the field's name.</summary>
    public CheckFormat Pattern { get; private set; }

    public string NameMatch { get; private set; } = "str";

    /// <summary>The field's value.</summary>
    public CheckFormat Value { get; private set; }

    public string ValueMatch { get; private set; } = "str";

    private bool IsField => isHttp && InResponse is HttpExpectation.Header or HttpExpectation.WholeHeader;

    /// <summary>Reads it; says so where it is none.</summary>
    /// <param name="word">The word that names its kind.</param>
    /// <param name="i">Where that is; in the end the last argument that was read.</param>
    public bool TryRead(string word, ref int i)
    {
        if (isHttp ? !TryInResponse(word) : !TryInBytes(word))
        {
            var kinds = isHttp
                ? "'[!]string', '[!]rstring', '[!]string-lf', '[!]status', '[!]rstatus', [!]hdr, [!]fhdr"
                : "'[!]string', '[!]rstring', '[!]string-lf', '[!]binary', '[!]rbinary', '[!]binary-lf'";
            s.Alert(i, $"'{s.Name}' : only supports min-recv, {kinds} or comment but got '{s[i]}' as argument.");
            return false;
        }

        return IsField ? TryField(ref i) : TryPattern(word, ref i);
    }

    private bool TryInBytes(string word)
    {
        CheckPattern? kind = word switch
        {
            "string" or "string-lf" => CheckPattern.Text,
            "rstring" => CheckPattern.Regex,
            "binary" or "binary-lf" => CheckPattern.Binary,
            "rbinary" => CheckPattern.BinaryRegex,
            _ => null,
        };
        InBytes = kind ?? default;
        return kind is not null;
    }

    private bool TryInResponse(string word)
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
        InResponse = kind ?? default;
        return kind is not null;
    }

    private bool TryPattern(string word, ref int i)
    {
        if (++i >= s.Count)
        {
            s.Alert($"'{s.Name}' : '{word}' expects a pattern as argument.");
            return false;
        }

        var isFormat = word.EndsWith("-lf", StringComparison.Ordinal);
        var format = new CheckFormat { Text = s[i] };
        if (isFormat && !CheckFormat.TryRead(s, i, out format))
        {
            return false;
        }

        Pattern = format;
        return format.Text is not { } text || IsPattern(i, text);
    }

    private bool IsPattern(int i, string text)
    {
        if (isHttp ? InResponse is HttpExpectation.StatusRegex or HttpExpectation.BodyRegex : InBytes is CheckPattern.Regex or CheckPattern.BinaryRegex)
        {
            return IsRegex(i, text);
        }

        if (isHttp)
        {
            return InResponse != HttpExpectation.Status || AreStatuses(i, text);
        }

        if (InBytes != CheckPattern.Binary || (text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)))
        {
            return true;
        }

        s.Alert(i, $"'{s.Name}' : invalid binary string (an even number of hex digit is expected).");
        return false;
    }

    /// <summary>Reads <c>name [-m way] text [value [-m way] text]</c>.</summary>
    private bool TryField(ref int i)
    {
        if (!TryText("name", ref i, out var name, out var way))
        {
            return false;
        }

        (Pattern, NameMatch) = (name, way);
        if (s[i + 1] is not ("value" or "value-lf"))
        {
            return true;
        }

        var isRead = TryText("value", ref i, out var value, out way);
        (Value, ValueMatch) = (value, way);
        return isRead;
    }

    private bool TryText(string what, ref int i, out CheckFormat format, out string way)
    {
        format = default;
        way = "str";
        if (s[++i] is var word && word != what && word != $"{what}-lf")
        {
            s.Alert(i, $"'{s.Name}' : expects '{what}' or '{what}-lf' but got '{word}' as argument.");
            return false;
        }

        if (s[i + 1] == "-m")
        {
            i += 2;
            way = s[i];
            if (way is not ("str" or "beg" or "end" or "sub" or "reg"))
            {
                s.Alert(i, $"'{s.Name}' : '-m' only supports 'str', 'beg', 'sub', 'end' or 'reg' as match method (got '{way}').");
                return false;
            }
        }

        if (++i >= s.Count)
        {
            s.Alert($"'{s.Name}' : '{word}' expects a text as argument.");
            return false;
        }

        if (word == what)
        {
            format = new CheckFormat { Text = s[i] };
        }
        else if (!CheckFormat.TryRead(s, i, out format))
        {
            return false;
        }

        if (way != "reg")
        {
            return true;
        }

        if (format.Text is { } text)
        {
            return IsRegex(i, text);
        }

        s.Alert(i, $"'{s.Name}' : a regular expression cannot be made anew for each check.");
        return false;
    }

    /// <summary>Statuses and ranges of them: <c>200,204,300-399</c>.</summary>
    private bool AreStatuses(int index, string pattern)
    {
        foreach (var part in pattern.Split(','))
        {
            var ends = part.Split('-', 2);
            if (!TryNumber(ends[0], out var least) || !TryNumber(ends[^1], out var most) || most < least)
            {
                s.Alert(index, $"'{s.Name}' : invalid status codes range: '{part}'.");
                return false;
            }
        }

        return true;

        static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 999;
    }

    private bool IsRegex(int index, string pattern)
    {
        if (ExpectationStep.FaultOf(pattern) is not { } fault)
        {
            return true;
        }

        s.Alert(index, $"'{s.Name}' : {fault}.");
        return false;
    }
}
