using System.Globalization;
using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Acls;

/// <summary>Holds when a value matches one of some patterns; one of its values, where it has several.</summary>
internal sealed class AclCondition : Condition
{
    private readonly Expression _value;
    private readonly PatternStyle _style;
    private readonly string[] _patterns;
    private readonly string[] _files;
    private readonly bool _readsMaps;
    private readonly int? _id;
    private readonly bool _saysMethod;
    private readonly PatternIndex _written; // which nobody else knows, so that it stays as it is

    /// <param name="value">The value.</param>
    /// <param name="options">How it is compared.</param>
    /// <param name="patterns">The patterns that are written in the condition.</param>
    /// <param name="mayBeEmpty">Whether it is meant that there are no patterns at all.</param>
    /// <exception cref="RuleFaultException">Something of it makes no sense.</exception>
    public AclCondition(Expression value, MatchOptions options, IReadOnlyList<string> patterns, bool mayBeEmpty = false)
    {
        var isDotted = false;
        var method = options.Method ?? MatchMethods.For(value, out isDotted);
        MatchMethods.Check(method, value);
        if (options.Id < 0)
        {
            throw new RuleFaultException("the argument of -u must be an integer");
        }

        _value = value;
        _style = new(method, options.IgnoreCase, options.NoDns, isDotted);
        _files = [.. options.Files];
        _readsMaps = options.AsMap;
        _id = options.Id;
        _saysMethod = options.Method is not null;
        _patterns = MatchMethods.TakesPatterns(method) ? [.. patterns] : []; // HAProxy takes some for the others too and looks at none
        if (MatchMethods.TakesPatterns(method) && _patterns.Length == 0 && _files.Length == 0 && !mayBeEmpty)
        {
            throw new RuleFaultException(
                "no pattern to match against were provided, so this ACL will never match; if this is what you intended, please add '--'; "
                + "if you intended to match only for existence, please use '-m found'");
        }

        var written = new PatternFile("");
        written.Load(_patterns, this);
        _written = written.IndexFor(_style);
    }

    /// <summary>The words of a configuration file, where they can say it.</summary>
    public override Description? Description =>
        _value is not KeywordExpression { IsOfDefaultLanguage: true } || _patterns.Contains("") ? MatchThat()
        : ConditionText.Split(Words()) is var words && words.Contains("}") ? new(typeof(Match), nameof(Match.ParseAcl), [words]) // which would end it
        : new(typeof(Match), nameof(Match.Parse), $"{{ {Words(Compared())} }}");

    internal override bool IsInWords => true;

    /// <summary>What stands between the braces, and behind the name of an ACL.</summary>
    internal string Words() => Words(_patterns);

    private string Words(string[] patterns)
    {
        var text = new StringBuilder(ConditionText.Quote(_value.ToString()!));
        text.Append(_saysMethod ? $" -m {MatchMethods.NameOf(_style.Method)}" : "");
        text.Append(_style.IgnoresCase ? " -i" : "");
        text.Append(_style.NoDns ? " -n" : "");
        text.Append(_readsMaps ? " -M" : "");
        text.Append(_id is { } id ? $" -u {id}" : "");
        foreach (var file in _files)
        {
            text.Append(" -f ").Append(ConditionText.Quote(file));
        }

        var isEmpty = _patterns.Length == 0 && _files.Length == 0 && MatchMethods.TakesPatterns(_style.Method);
        text.Append(isEmpty || (_patterns.Length > 0 && _patterns[0].StartsWith('-')) ? " --" : "");
        foreach (var pattern in patterns)
        {
            text.Append(' ').Append(ConditionText.Quote(pattern));
        }

        return text.ToString();
    }

    public override string ToString() => $"{{ {Words()} }}";

    /// <summary>The patterns, a range without an end as the comparison it was.</summary>
    private string[] Compared()
    {
        var isNumber = _style is { Method: MatchMethod.Integer or MatchMethod.Length, IsDotted: false };
        return isNumber && _patterns is [[.. var least, ':']] && IsPlain(least) ? ["ge", least]
            : isNumber && _patterns is [[':', .. var most]] && IsPlain(most) ? ["le", most]
            : _patterns;

        static bool IsPlain(string text) =>
            long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text;
    }

    private Description? MatchThat()
    {
        if (_value.Description is null)
        {
            return null;
        }

        var options = new MatchOptions
        {
            Method = _saysMethod ? _style.Method : null,
            IgnoreCase = _style.IgnoresCase,
            NoDns = _style.NoDns,
            AsMap = _readsMaps,
            Id = _id,
        };
        foreach (var file in _files)
        {
            options.Files.Add(file);
        }

        return new(typeof(Match), nameof(Match.That), [_value, options, .. _patterns]);
    }

    private protected override Condition CompileOwn(RuleCompiler compiler)
    {
        var value = _value.Compile(compiler, iterates: true);
        if (_value is KeywordExpression { ChecksPatterns: true } keyword && _style.Method == MatchMethod.Exact)
        {
            var inFiles = _files.SelectMany(name => PatternFileReader.Read(PatternFile.For(compiler, name).Name, _readsMaps));
            keyword.CheckPatterns(compiler, [.. _patterns, .. inFiles.Select(static line => Encoding.UTF8.GetString(line.Key))]);
        }

        var lists = new List<PatternIndex>();
        if (_id is { } id)
        {
            var list = PatternFile.For(compiler, $"#{id}");
            list.Load(_patterns, this);
            lists.Add(list.IndexFor(_style));
        }
        else if (_patterns.Length > 0)
        {
            lists.Add(_written);
        }

        foreach (var name in MatchMethods.TakesPatterns(_style.Method) ? _files : [])
        {
            var file = PatternFile.For(compiler, name);
            file.Load(_readsMaps);
            lists.Add(file.IndexFor(_style));
        }

        return new CompiledAcl(this, value, _style.Method, [.. lists], lists is [var only] && only == _written ? _written.Matcher : null);
    }

    internal override Truth Evaluate(RuleContext context) =>
        throw new InvalidOperationException("The condition was not made ready for the configuration that asks it.");
}
