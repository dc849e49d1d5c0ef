using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What the rules of a backend make of the first that its server sends in TCP mode, before any of it reaches the client. HAProxy:
/// <c>tcp-response content</c>.</summary>
/// <remarks>Runs in the flow that relays from the server; what the client sends goes on to the server meanwhile, or the server might have nothing to
/// say.</remarks>
internal sealed class ResponseInspection
{
    private readonly ReceiveBuffer _received;
    private readonly ContentInspection _inspection;
    private readonly RuleSet _rules;
    private readonly RuleContext _context;

    public ResponseInspection(DataPath path, Connection server, RuleSet rules, RuleContext context, IRuleHost host)
    {
        _received = new ReceiveBuffer(path.Pool);
        _inspection = new ContentInspection(path, server, _received, context, host, isServer: true);
        _rules = rules;
        _context = context;
    }

    /// <summary>Asks the rules.</summary>
    /// <returns>What has come of it; <see cref="VerdictKind.Close"/> has the client get what the server has sent, and then the end.</returns>
    public async ValueTask<RuleVerdict?> AskAsync()
    {
        _context.IsInResponse = true;
        _context.RequestVariables.Clear();
        var outcome = await _inspection.AskAsync(_rules.ResponseContent!, _rules.ResponseInspectDelay).ConfigureAwait(false); // made where there are some
        return outcome == RuleOutcome.Final ? _context.Verdict : null;
    }

    /// <summary>What the server has sent meanwhile; nothing is held any more.</summary>
    public byte[] TakeAll() => _inspection.TakeAll();

    /// <summary>Gives the waiting up. Any thread.</summary>
    public void Stop() => _inspection.Stop();

    /// <summary>Gives everything back.</summary>
    public void Release()
    {
        _inspection.Release();
        _received.Release();
    }

    /// <summary>How a tunnel ends that a rule has refused.</summary>
    public static Termination EndOf(RuleVerdict verdict) => new(
        TerminationCause.Proxy, verdict.Kind == VerdictKind.SilentDrop ? ExchangePhase.Request : ExchangePhase.Data);
}
