using ProxyKit.Descriptions;
using ProxyKit.Rules.Acls;

namespace ProxyKit.Rules;

/// <summary>
/// A question about an exchange with a yes or no for an answer; HAProxy's ACL. <see cref="Match"/> makes conditions, and <c>&amp;</c>,
/// <c>|</c> and <c>!</c> combine them.
/// </summary>
/// <remarks>Immutable: one condition may serve many rules, proxies and threads at once. Its <see cref="object.ToString"/> is for logs and
/// messages. Where all of it was written in HAProxy's words, they are what it gives, as they stand behind <c>if</c>:
/// <c>{ path_beg /cart } !METH_POST</c>. Else it is the sentence one would say: <c>host is api.example and path is under /cart</c>.</remarks>
public abstract class Condition : IDescribed
{
    private protected Condition()
    {
    }

    /// <inheritdoc/>
    public virtual Description? Description { get; internal init; }

    /// <summary>Whether both hold. The right one is not asked when the left one does not hold.</summary>
    /// <param name="left">The condition asked first.</param>
    /// <param name="right">The condition asked second.</param>
    /// <returns>A condition that holds when both do.</returns>
    public static Condition operator &(Condition left, Condition right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new AllCondition(left, right);
    }

    /// <summary>Whether at least one holds. The right one is not asked when the left one holds.</summary>
    /// <param name="left">The condition asked first.</param>
    /// <param name="right">The condition asked second.</param>
    /// <returns>A condition that holds when one of the two does.</returns>
    public static Condition operator |(Condition left, Condition right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new AnyCondition(left, right);
    }

    /// <summary>Whether it does not hold.</summary>
    /// <param name="condition">The condition to turn round.</param>
    /// <returns>A condition that holds when <paramref name="condition"/> does not.</returns>
    public static Condition operator !(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition is NotCondition not ? not.Inner : new NotCondition(condition);
    }

    /// <summary>Asks the condition. Allocates nothing, unless a predicate of the user's does.</summary>
    /// <param name="context">What it is asked about.</param>
    /// <returns>Whether it holds. What a predicate of the user's throws passes through.</returns>
    internal abstract Truth Evaluate(RuleContext context);

    /// <summary>The condition with everything it names found.</summary>
    /// <exception cref="RuleFaultException">It names something that is not there.</exception>
    internal Condition Compile(RuleCompiler compiler)
    {
        var compiled = CompileOwn(compiler);
        return compiler.Trace is { } trace ? trace.Watch(this, compiled) : compiled;
    }

    /// <summary>A condition, ready to be asked, that holds where this one does not.</summary>
    internal virtual Condition Negate() => new NotCondition(this);

    /// <summary>The keys to sort routes by: whenever the condition holds for a request, so does one of them.</summary>
    internal virtual IReadOnlyList<RouteKey> Keys() => RouteKey.Unbounded;

    /// <summary>The conditions that it is made of; none for one that asks something itself.</summary>
    internal virtual IReadOnlyList<Condition> Parts => [];

    /// <summary>What of the condition a list of rules can ask itself. Only of one that is ready to be asked.</summary>
    internal virtual QuickCondition Quick() => QuickCondition.None;

    /// <summary>Whether its text is in HAProxy's words, so that <see cref="Match.Parse(string, Expressions.RuleLanguage?)"/> reads it back, the named
    /// ACLs given.</summary>
    internal virtual bool IsInWords => false;

    /// <summary>Does what <see cref="Compile"/> says; unless overridden, there is nothing to find.</summary>
    private protected virtual Condition CompileOwn(RuleCompiler compiler) => this;

    /// <summary>The text to stand beside others: in brackets when it is several joined by a word.</summary>
    internal virtual string ToInnerString() => ToString()!; // every condition has its own text
}
