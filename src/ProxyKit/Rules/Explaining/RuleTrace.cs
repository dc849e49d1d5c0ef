using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Explaining;

/// <summary>Sees what the rules of a configuration do that was made for one explanation: everything that is made ready is wrapped, so that exchanges
/// of a running configuration have nothing of it. One flow uses it.</summary>
internal sealed class RuleTrace
{
    private readonly TracedFetches _fetches;
    private readonly SortedSet<string> _states = new(StringComparer.Ordinal);
    private ExplainedRule[] _rules = [];
    private ExplainedRule? _rule; // the one that is being asked
    private OpenTerm? _term; // the innermost that is being asked
    private int _depth; // of expressions in expressions, within that

    public RuleTrace(TraceFacts facts)
    {
        PassesTls = facts.PassesTls;
        _fetches = new TracedFetches(facts, this);
    }

    /// <summary>Whether what the client sends is TLS that ends at a server.</summary>
    public bool PassesTls { get; }

    /// <summary>Whether a rule has waited for a body that was not given.</summary>
    public bool LacksBody { get; set; }

    /// <summary>The variables of the configuration, once that is built.</summary>
    public VariableSlots Variables { get; set; } = new();

    /// <summary>Whether something could not be said.</summary>
    public bool IsUncertain { get; private set; }

    /// <summary>Whether the term that is being asked lacks something.</summary>
    public bool IsUnknown => _term?.IsUnknown == true;

    /// <summary>The fetches that were asked for the state of the process, which is that of one that has just begun.</summary>
    public IReadOnlyCollection<string> States => _states;

    /// <summary>The rule that is being asked, or was asked last; null for none of the list.</summary>
    public ExplainedRule? Current => _rule;

    /// <summary>Begins with a list: what happens from here on happens to its rules.</summary>
    public void Begin(ExplainedRule[] rules)
    {
        _rules = rules;
        _rule = null;
        _term = null;
        _depth = 0;
    }

    public Condition Watch(Condition written, Condition compiled) => new TracedCondition(this, written, compiled);

    public SampleFetch Watch(FetchKeyword keyword, SampleFetch fetch) => _fetches.For(keyword, fetch);

    /// <summary>An expression that tells its value; one that is always the same has nothing to tell.</summary>
    public CompiledExpression Watch(Expression written, CompiledExpression compiled)
    {
        if (written is LiteralExpression or LogFormat { IsConstant: true })
        {
            return compiled;
        }

        return new(
            (RuleContext context, ref Sample sample) =>
            {
                _depth++;
                try
                {
                    var hasValue = compiled.TryEvaluate(context, ref sample);
                    NoteValue(written, hasValue ? Shown.Value(in sample) : null);
                    return hasValue;
                }
                finally
                {
                    _depth--;
                }
            },
            [],
            compiled.IsVolatile);
    }

    /// <summary>The condition of a route, which tells whose it is.</summary>
    public Condition Watch(int index, Condition condition) => new TracedRuleCondition(this, index, condition);

    /// <summary>A rule that tells what it does.</summary>
    public (Condition? Condition, CompiledAction Action) Watch(int index, RuleOptions rule, Condition? condition, CompiledAction action) =>
        (condition is null ? null : Watch(index, condition), TracedAction.Of(this, index, rule.Action, action));

    /// <summary>A rule of the list is asked.</summary>
    public ExplainedRule BeginRule(int index)
    {
        _rule = _rules[index];
        _rule.IsAsked = true;
        _term = null;
        _depth = 0;
        return _rule;
    }

    /// <summary>The condition of a rule has been asked.</summary>
    public void EndCondition(ExplainedRule rule, Truth truth)
    {
        rule.Fate = truth switch
        {
            Truth.True => RuleFate.Fired,
            Truth.False => RuleFate.NotFired,
            _ => RuleFate.Undecided,
        };
        IsUncertain |= truth == Truth.Pending;
    }

    /// <summary>A term is asked; <see cref="Close"/> or <see cref="Fail"/> follows.</summary>
    public OpenTerm Open(Condition written)
    {
        var term = new OpenTerm(new ExplainedTerm(Shown.Text(written.ToString()!)), written, _term, _depth); // every condition has its own text
        _term = term;
        _depth = 0;
        return term;
    }

    public void Close(OpenTerm open, Truth truth)
    {
        open.Term.Truth = truth switch
        {
            Truth.True => TermTruth.Holds,
            Truth.False => TermTruth.HoldsNot,
            _ => TermTruth.Undecided,
        };
        End(open);
    }

    public void Fail(OpenTerm open, Exception e)
    {
        open.Term.Truth = TermTruth.Failed;
        open.Term.Remark = Thrown(e);
        End(open);
    }

    /// <summary>What there is to say of an exception of a user's code.</summary>
    public static string Thrown(Exception e) => $"threw {e.GetType().Name}: {Shown.Text(e.Message)}";

    /// <summary>The values that a term looks at which is no expression.</summary>
    public void NoteSubject(IEnumerable<string> values) => _term?.Term.Seen.AddRange(values.Select(Shown.Latin1));

    public void NoteState(string fetch) => _states.Add(fetch);

    /// <summary>What is being asked cannot be said.</summary>
    public void NoteUnknown(string reason)
    {
        if (_term is null)
        {
            IsUncertain = true;
            _rule?.Note(reason);
            return;
        }

        _term.Term.Remark = reason;
        _term.IsUnknown = true;
    }

    /// <summary>What a rule does is not known to the end.</summary>
    public void NoteUncertain() => IsUncertain = true;

    private void NoteValue(Expression written, string? value)
    {
        if (_depth != 1)
        {
            return;
        }

        if (_term is not null)
        {
            if (value is not null || _term.Term.Seen.Count == 0)
            {
                _term.Term.Seen.Add(value); // that there are no more is nothing to tell
            }
        }
        else
        {
            _rule?.Add(new ExplainedValue(Shown.Text(written.ToString()!), value)); // every expression has its own text
        }
    }

    private void End(OpenTerm open)
    {
        open.Term.Parts = Parts(open);
        _term = open.Outer;
        _depth = open.OuterDepth;
        if (_term is null)
        {
            if (_rule is { } rule)
            {
                rule.Condition = open.Term;
            }
        }
        else
        {
            _term.Inner.Add(open.Term);

            // What asks an ACL in passing, as the acl() fetch does, knows no more than that.
            _term.IsUnknown |= open.Term.Truth == TermTruth.Undecided;
        }
    }

    /// <summary>The terms that were asked, and those that would have followed.</summary>
    private static List<ExplainedTerm> Parts(OpenTerm open)
    {
        var parts = open.Inner;
        foreach (var part in open.Written.Parts.Skip(parts.Count))
        {
            parts.Add(new ExplainedTerm(Shown.Text(part.ToString()!))); // every condition has its own text
        }

        return parts;
    }

    /// <summary>A term that is being asked.</summary>
    internal sealed class OpenTerm(ExplainedTerm term, Condition written, OpenTerm? outer, int outerDepth)
    {
        public ExplainedTerm Term => term;

        public Condition Written => written;

        public OpenTerm? Outer => outer;

        public int OuterDepth => outerDepth;

        public List<ExplainedTerm> Inner { get; } = [];

        public bool IsUnknown { get; set; }
    }
}
