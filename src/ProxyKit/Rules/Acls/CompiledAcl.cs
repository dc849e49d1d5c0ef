using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>A condition over a value with everything it names found.</summary>
/// <remarks>When a request comes, hardly anything of its configuration is still in the processor's nearest cache, so that what a condition costs
/// is how many objects it goes through. What is usual stands here itself: a fetch without converters, one list that nobody can change, a short text
/// that is all of it, and the <c>!</c> before it.</remarks>
internal sealed class CompiledAcl : Condition
{
    private readonly SampleFetch _fetch;
    private readonly CompiledExpression? _converted; // the fetch with its converters; null where it has none
    private readonly PatternMatcher? _matcher; // of the one list, where it stays what it is
    private readonly ShortText _only; // its one pattern, where that is all
    private readonly bool _hasOnly;
    private readonly PatternIndex[] _lists;
    private readonly AclCondition _source;
    private readonly MatchMethod _method;
    private readonly SampleType _compares;
    private readonly bool _isVolatile;
    private readonly FetchSubject _subject;
    private bool _isNegated; // set before anybody else has it

    public CompiledAcl(AclCondition source, CompiledExpression value, MatchMethod method, PatternIndex[] lists, PatternMatcher? matcher)
    {
        (_source, _method, _lists, _matcher) = (source, method, lists, matcher);
        (_fetch, _converted, _isVolatile) = (value.Fetch, value.HasConverters ? value : null, value.IsVolatile);
        _subject = value.HasConverters ? default : value.Subject;
        _compares = MatchMethods.Compares(method);
        if (matcher is FewMatcher few && few.ShortTexts() is [var only])
        {
            (_hasOnly, _only) = (true, only);
        }
    }

    public override string ToString() => _isNegated ? $"!{_source}" : _source.ToString();

    internal override bool IsInWords => true;

    internal override QuickCondition Quick()
    {
        if (_subject.Kind == SubjectKind.None)
        {
            return QuickCondition.None;
        }

        if (_subject.Kind != SubjectKind.PartOfField && _matcher is FewMatcher few && few.ShortTexts() is { } texts)
        {
            // It holds where one of the texts matches, and does not where none does.
            return new(Array.ConvertAll(texts, text => new QuickTerm(_subject, QuickTest.Text, text, _isNegated)), IsAny: !_isNegated, IsWhole: true);
        }

        var test = _subject.Kind != SubjectKind.PartOfField && _method == MatchMethod.Found ? QuickTest.Found : QuickTest.None;
        return new([new QuickTerm(_subject, test, default, _isNegated)], IsAny: false, IsWhole: true);
    }

    internal override Condition Negate()
    {
        var negation = (CompiledAcl)MemberwiseClone();
        negation._isNegated = !_isNegated;
        return negation;
    }

    internal override Truth Evaluate(RuleContext context)
    {
        var cursor = 0;
        while (true)
        {
            var sample = default(Sample);
            sample.Cursor = cursor;
            context.IsPending = false;
            if (!(_converted is null ? _fetch(context, ref sample) : _converted.TryEvaluate(context, ref sample)))
            {
                return Undecided(context, isVolatile: false); // no value, or one that a converter refused: neither has others behind it
            }

            cursor = sample.Cursor;
            var hasMore = sample.HasMore;
            if (Matches(context, ref sample))
            {
                context.IsPending = false;
                return _isNegated ? Truth.False : Truth.True;
            }

            if (!hasMore)
            {
                return Undecided(context, _isVolatile);
            }
        }
    }

    private Truth Undecided(RuleContext context, bool isVolatile)
    {
        var mayChange = (context.IsPending || isVolatile) && !context.HasAll;
        context.IsPending = false;
        return mayChange ? Truth.Pending : _isNegated ? Truth.True : Truth.False;
    }

    private bool Matches(RuleContext context, ref Sample sample)
    {
        if (_method == MatchMethod.Found)
        {
            return true;
        }

        if (sample.Type != _compares && !SampleCasts.TryCast(context, ref sample, _compares))
        {
            return false;
        }

        switch (_method)
        {
            case MatchMethod.Boolean:
                return sample.IsTrue;
            case MatchMethod.Length:
                sample.Set((long)sample.Bytes.Length);
                break;
        }

        if (_hasOnly)
        {
            return _only.Matches(sample.Bytes);
        }

        if (_matcher is { } matcher)
        {
            return matcher.Matches(in sample);
        }

        foreach (var list in _lists)
        {
            if (list.Matches(context, in sample))
            {
                return true;
            }
        }

        return false;
    }
}
