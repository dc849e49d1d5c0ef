using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.StickCounters;

namespace ProxyKit.Stickiness;

/// <summary>A stick rule, ready to be asked.</summary>
internal sealed class StickRule
{
    private readonly CompiledExpression _key;
    private readonly Condition? _condition;

    private StickRule(StickRuleKind kind, StickTargets targets, CompiledExpression key, Condition? condition)
    {
        (Kind, Targets) = (kind, targets);
        (_key, _condition) = (key, condition);
    }

    public StickRuleKind Kind { get; }

    public StickTargets Targets { get; }

    /// <summary>Whether it looks keys up.</summary>
    public bool Matches => Kind is StickRuleKind.On or StickRuleKind.Match;

    /// <summary>Whether it has keys of requests learnt.</summary>
    public bool StoresRequest => Kind is StickRuleKind.On or StickRuleKind.StoreRequest;

    /// <summary>Nobody looks at what servers send in TCP mode: what is to be learnt has to be known as soon as there is a connection.</summary>
    private static void CheckWithoutResponse(StickRuleOptions options, RuleCompiler compiler)
    {
        compiler.Stages = RuleStages.Balance;
        try
        {
            options.Key.Compile(compiler);
        }
        catch (RuleFaultException)
        {
            throw new RuleFaultException("'stick store-response' of the content of the response is not supported in TCP mode");
        }
    }

    /// <summary>Makes a rule ready.</summary>
    /// <param name="options">The rule.</param>
    /// <param name="compiler">Finds what it names.</param>
    /// <param name="index">Its place behind the backend's rules that name servers, for explanations.</param>
    /// <exception cref="RuleFaultException">It names something that is not there, or its key is none of the table's.</exception>
    public static StickRule Compile(StickRuleOptions options, RuleCompiler compiler, int index)
    {
        compiler.Stages = options.Kind == StickRuleKind.StoreResponse ? RuleStages.StoreResponse : RuleStages.Balance;
        var table = compiler.TableFor(options.Table);
        if (!SampleCasts.MayCast(options.Key.Type, StickKeys.TypeOf(table.KeyType)))
        {
            throw new RuleFaultException($"type of fetch not usable with type of stick-table '{table.Name}'");
        }

        var backend = compiler.BackendFor("");
        var others = compiler.TableLearners[table.Name].Where(b => b != backend).SelectMany(static b => b.Servers);
        var (key, condition) = (options.Key.Compile(compiler), options.Condition?.Compile(compiler));
        if (options.Kind == StickRuleKind.StoreResponse && backend.Mode == ProxyMode.Tcp)
        {
            CheckWithoutResponse(options, compiler);
        }

        return new StickRule(
            options.Kind,
            new StickTargets(table, backend.Servers, others),
            key,
            compiler.Trace is { } trace ? trace.Watch(index, condition ?? Match.Always) : condition);
    }

    /// <summary>The key, where the rule holds and there is one.</summary>
    /// <param name="context">What it is asked about.</param>
    /// <param name="sample">Room for the value that the key is made of.</param>
    /// <param name="key">The key, valid while both are.</param>
    public bool TryGetKey(RuleContext context, ref Sample sample, out ReadOnlySpan<byte> key)
    {
        key = default;
        if (_condition is not null && _condition.Evaluate(context) != Truth.True)
        {
            return false;
        }

        return _key.TryEvaluate(context, ref sample) && StickKeys.TryMake(context, ref sample, Targets.Table, out key);
    }
}
