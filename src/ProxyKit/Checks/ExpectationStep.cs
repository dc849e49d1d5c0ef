using ProxyKit.Regexes;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Checks;

/// <summary>What the steps that look at answers have in common.</summary>
public abstract class ExpectationStep : CheckStep
{
    private protected ExpectationStep()
    {
    }

    /// <summary>Whether it fails where it would pass. HAProxy: <c>!</c>.</summary>
    public bool IsNegated { get; init; }

    /// <summary>How many bytes have to be there before it is looked at; it is then final what is found. HAProxy: <c>min-recv</c>.</summary>
    /// <value>Null by default: it is looked at whenever more comes, until it matches.</value>
    public int? LeastBytes { get; init; }

    /// <summary>What comes of it where it passes as the last step. HAProxy: <c>ok-status</c>.</summary>
    public CheckStatus SuccessStatus { get; init; } = CheckStatus.Layer7Passed;

    /// <summary>What comes of it where it fails. HAProxy: <c>error-status</c>.</summary>
    /// <value>Null by default: <see cref="CheckStatus.Layer7WrongStatus"/> for statuses and header fields, else <see cref="CheckStatus.Layer7Invalid"/>.</value>
    public CheckStatus? ErrorStatus { get; init; }

    /// <summary>What comes of it where nothing came in time. HAProxy: <c>tout-status</c>.</summary>
    public CheckStatus TimeoutStatus { get; init; } = CheckStatus.Layer7TimedOut;

    /// <summary>What logs say where it passes as the last step. HAProxy: <c>on-success</c>.</summary>
    public string? SuccessText { get; init; }

    /// <summary>The same, made anew for each check, in the place of <see cref="SuccessText"/>.</summary>
    /// <value>Null by default.</value>
    public Expression? SuccessFormat { get; init; }

    /// <summary>What logs say where it fails. HAProxy: <c>on-error</c>.</summary>
    public string? ErrorText { get; init; }

    /// <summary>The same, made anew for each check, in the place of <see cref="ErrorText"/>.</summary>
    /// <value>Null by default.</value>
    public Expression? ErrorFormat { get; init; }

    /// <summary>The number that logs have with the result. HAProxy: <c>status-code</c>.</summary>
    /// <value>Null by default: the response's status, as where it has no value; 0 where there is no response.</value>
    public Expression? StatusCode { get; init; }

    /// <summary>Looks at a regular expression before a step has it: in PCRE's syntax, over bytes, as in conditions.</summary>
    /// <param name="expression">The expression.</param>
    /// <returns>What is wrong with it, as a sentence without its full stop; null for nothing.</returns>
    public static string? FaultOf(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        try
        {
            RuleRegex.Parse(expression, ignoresCase: false);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
