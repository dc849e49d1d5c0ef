using System.Globalization;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.HAProxyConfig.Units;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>The arguments of an action, taken one by one; what is left in the end is the condition.</summary>
/// <param name="statement">The line.</param>
/// <param name="verb">The action.</param>
/// <param name="list">The list it stands in.</param>
/// <param name="first">The first argument: behind the action, or 0 where the keyword is the action.</param>
internal sealed class ActionArguments(Statement statement, RuleVerb verb, RuleLists list, int first = 1)
{
    private readonly string _title = first == 0 || verb.Name == statement.Name ? verb.Name : $"{statement.Name} {verb.Name}";

    public RuleLists List => list;

    public ProxySection Proxy => statement.Proxy;

    public RuleLanguage? Language => statement.Language;

    public GlobalSettings Global => statement.Model.Global;

    /// <summary>Takes the name of a file.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public string TakeFile(string what) => statement.PathOf(Take(what));

    /// <summary>The file of a map or of patterns.</summary>
    public string PathOfList(string name) => statement.Files.PathOfList(name);

    /// <summary>The argument of the line that comes next: where a fault is, and in the end where the condition begins.</summary>
    public int Position { get; private set; } = first;

    /// <summary>Whether the rules behind are reached although the action is one that ends its list, as an argument says.</summary>
    public bool MayGoOn { get; set; }

    /// <summary>Whether nothing is left but a condition.</summary>
    public bool IsAtEnd => Position >= statement.Count || statement[Position] is "if" or "unless";

    /// <summary>The next argument, not taken yet; empty where there is none.</summary>
    public string Peek => statement[Position];

    /// <summary>What stands in the brackets behind the action's name, divided at commas; empty where there are none.</summary>
    public IReadOnlyList<string> InBrackets => Brackets(statement[0]);

    /// <summary>What stands behind the action's name in the same word.</summary>
    public string Suffix => statement[0][verb.Name.Length..];

    /// <summary>What stands in the brackets at the end of a word, divided at commas; empty where there are none.</summary>
    /// <exception cref="RuleFaultException">The closing one is missing.</exception>
    public static IReadOnlyList<string> Brackets(string word)
    {
        var open = word.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return [];
        }

        return word.EndsWith(')')
            ? word[(open + 1)..^1].Split(',')
            : throw new RuleFaultException($"missing closing parenthesis in '{word}'");
    }

    /// <summary>Takes the next argument. An empty one is none, as in HAProxy: a variable that is not set has not said what to do.</summary>
    /// <param name="what">What to call it where it is not there.</param>
    /// <param name="mayBeEmpty">Whether an empty one says something.</param>
    /// <exception cref="RuleFaultException">It is not there.</exception>
    public string Take(string what, bool mayBeEmpty = false)
    {
        if (Position >= statement.Count || (!mayBeEmpty && statement[Position].Length == 0))
        {
            throw new RuleFaultException($"missing {what}: expects {verb.Arguments}");
        }

        return statement[Position++];
    }

    /// <summary>Takes a word where it comes next.</summary>
    public bool Takes(string word)
    {
        if (Position < statement.Count && statement[Position] == word)
        {
            Position++;
            return true;
        }

        return false;
    }

    /// <summary>Takes an integer.</summary>
    /// <exception cref="RuleFaultException">There is none, or it is out of range.</exception>
    public int TakeInteger(string what, int least, int most)
    {
        var text = Take(what);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Wrong($"expects an integer from {least} to {most} as {what} (got '{text}')");
    }

    /// <summary>Takes a time.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public TimeSpan TakeTime(string what) =>
        ConfigTime.Read(Take(what), verb.Name, out var time) is { } fault ? throw Wrong(fault) : time;

    /// <summary>Takes a time, where the next argument begins with a digit.</summary>
    public bool TryTakeTime(out TimeSpan time)
    {
        time = default;
        if (Peek.Length == 0 || !char.IsAsciiDigit(Peek[0]))
        {
            return false;
        }

        time = TakeTime("<time>");
        return true;
    }

    /// <summary>Takes a value: a fetch and its converters.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public Expression TakeExpression(string what = "<expr>")
    {
        var text = Take(what);
        try
        {
            return Value.Parse(text, statement.Language);
        }
        catch (RuleFaultException)
        {
            Position--;
            throw;
        }
    }

    /// <summary>A text as it stands, percent signs and all.</summary>
    public static Expression Literal(string text) => Value.Format(text.Replace("%", "%%", StringComparison.Ordinal), null, FormatUse.Raw);

    /// <summary>Keeps that a reply is a page of a section, to be looked for once all sections are read.</summary>
    /// <param name="section">The section of error pages.</param>
    /// <param name="status">Which page.</param>
    /// <param name="index">The argument that says so.</param>
    public void Refer(string section, int status, int index) =>
        statement.Model.ReplyPages.Add(new ReplyPage(section, status, statement.Target, statement.PlaceOf(index)));

    /// <summary>Says what can be run but is probably not meant.</summary>
    public void Warn(string message) =>
        statement.Warning(Math.Max(Math.Min(Position, statement.Count) - 1, 0), $"'{_title}' : {message}.");

    /// <summary>Takes a size in bytes.</summary>
    public int TakeSize(string what) => ConfigSize.Read(Take(what), verb.Name, out var bytes) is { } fault
        ? throw Wrong(fault)
        : bytes is >= 1 and <= int.MaxValue ? (int)bytes : throw Wrong($"{what} is out of range");

    /// <summary>Takes a text that is put together from others.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public Expression TakeFormat(FormatUse use = FormatUse.Header, string what = "<fmt>", bool mayBeEmpty = false)
    {
        var text = Take(what, mayBeEmpty);
        try
        {
            return Formats.Parse(text, statement.Language, use);
        }
        catch (RuleFaultException)
        {
            Position--;
            throw;
        }
    }

    /// <summary>Takes an integer or a value.</summary>
    public Expression TakeNumber(string what = "<int> or <expr>")
    {
        var text = Peek;
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return TakeExpression(what);
        }

        Position++;
        return Value.Parse($"int({text})");
    }

    /// <summary>Takes a number, decimal or behind <c>0x</c>, where the next argument begins with a digit.</summary>
    /// <exception cref="RuleFaultException">It is none, or out of range.</exception>
    public bool TryTakeNumber(long most, out long value)
    {
        value = 0;
        var text = Peek;
        if (text.Length == 0 || !char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isNumber = long.TryParse(
            isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (!isNumber || value < 0 || value > most)
        {
            throw new RuleFaultException($"expects an integer from 0 to {most}, decimal or behind 0x, or an expression (got '{text}')");
        }

        Position++;
        return true;
    }

    /// <summary>Takes the arguments of an action of a user's own.</summary>
    /// <exception cref="RuleFaultException">One that it needs is not there.</exception>
    public string[] Take(ActionKeyword action)
    {
        var texts = new List<string>();
        foreach (var argument in action.Arguments)
        {
            if (!IsAtEnd)
            {
                texts.Add(Take(argument.Name));
            }
            else if (!argument.IsOptional)
            {
                throw new RuleFaultException($"missing <{argument.Name}>: expects {verb.Arguments}");
            }
        }

        return [.. texts];
    }

    /// <summary>The fault of the argument that was taken last: what is told of it points there.</summary>
    public RuleFaultException Wrong(string message)
    {
        Position--;
        return new RuleFaultException(message);
    }
}
