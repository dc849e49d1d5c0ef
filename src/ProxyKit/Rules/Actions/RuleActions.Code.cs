using ProxyKit.Http;
using ProxyKit.Rules.Actions;

namespace ProxyKit;

/// <summary>Users' own code.</summary>
public static partial class RuleActions
{
    /// <summary>Runs a user's code. It runs on the data path: keep it short, and safe to run on several threads at once. Should it throw, that
    /// exchange ends with 500.</summary>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="action">The code.</param>
    /// <returns>The action.</returns>
    public static RuleAction Run(string name, Action<HttpExchange> action)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(action);
        return new SimpleAction(name, OfHttp, context =>
        {
            action(context.Exchange!); // these lists are about exchanges
            return RuleOutcome.Next;
        });
    }

    /// <summary>Runs a user's code that waits for something. The exchange waits with it; nothing else does.</summary>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="action">The code; its token is cancelled when the exchange is given up.</param>
    /// <returns>The action.</returns>
    public static RuleAction Run(string name, Func<HttpExchange, CancellationToken, ValueTask> action)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(action);
        return new UserAction(name, Code, VerdictKind.Reply);

        async ValueTask<Reply?> Code(HttpExchange exchange, CancellationToken cancellationToken)
        {
            await action(exchange, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Runs a user's code that may answer instead of a server.</summary>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="code">The code; null for no answer: then the exchange goes on. A reply that it gives has fixed texts; make it once, not for
    /// each exchange.</param>
    /// <param name="refuses">Whether its answers count as refusals, as those of <see cref="Deny(Reply)"/> do.</param>
    /// <returns>The action.</returns>
    public static RuleAction Answer(string name, Func<HttpExchange, Reply?> code, bool refuses = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(code);
        var kind = KindOf(refuses);
        return new SimpleAction(
            name,
            RulePhases.Request | RulePhases.Response,
            context => UserAction.Answer(context, code(context.Exchange!), kind)); // these lists are about exchanges
    }

    /// <summary>Runs a user's code that waits for something, and then may answer instead of a server.</summary>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="code">The code; its token is cancelled when the exchange is given up.</param>
    /// <param name="refuses">Whether its answers count as refusals.</param>
    /// <returns>The action.</returns>
    public static RuleAction Answer(
        string name, Func<HttpExchange, CancellationToken, ValueTask<Reply?>> code, bool refuses = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(code);
        return new UserAction(name, code, KindOf(refuses));
    }

    /// <summary>Hands the request to a service of your own, which answers in the place of a server: no rule behind it runs and no backend is chosen; the
    /// rules for responses see its answer, as those of a server, and logs name it in the place of one, as <c>&lt;name&gt;</c>. HAProxy:
    /// <c>use-service</c>.</summary>
    /// <param name="name">Its name: one visible word without angle brackets.</param>
    /// <param name="service">Answers; its token is cancelled when the exchange is given up. A reply that it gives has fixed texts.</param>
    /// <returns>The action.</returns>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public static RuleAction UseService(string name, Func<HttpExchange, CancellationToken, ValueTask<Reply>> service)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(service);
        return name.Any(static c => c is '<' or '>' || char.IsWhiteSpace(c) || char.IsControl(c))
            ? throw new ArgumentException("a service's name is one visible word without angle brackets", nameof(name))
            : new UseServiceAction(name, service);
    }

    private static VerdictKind KindOf(bool refuses) => refuses ? VerdictKind.Deny : VerdictKind.Reply;
}
