using ProxyKit.Http;
using ProxyKit.Rules.Actions;
using ProxyKit.Stickiness;

namespace ProxyKit.Exchanges;

/// <summary>What binds the client to a server, and what it is told of that.</summary>
internal sealed partial class ServedExchange
{
    private ClientBinding _binding = new(); // another one behind a wait

    /// <summary>Decides on a server before the first attempt, where something binds the client to one.</summary>
    private void Bind()
    {
        if (_target!.Stickiness is { } stickiness) // routed
        {
            _attempts.Direction = stickiness.Direct(_context, _binding);
        }
    }

    /// <summary>Before step 10: tables learn which server it was.</summary>
    private void Learn() => _target!.Stickiness?.Learn(_context, _binding, _attempts.Server); // routed

    /// <summary>Step 11: the client is told its server, or told nothing at all.</summary>
    private Termination? TellServer()
    {
        if (_target!.Stickiness is not { EditsResponses: true } stickiness || _attempts.Server is not { } server // routed
            || stickiness.TryEdit(_context, _response, _clientMethod, _binding, server, _attempts.Direction.IsDirect))
        {
            return null;
        }

        _path.Log.Refused(null, server.ToString(), "a response that caches may keep sets a cookie");
        return new Termination(TerminationCause.Proxy, ExchangePhase.Headers);
    }

    private (char Request, char Response) CookieLetters =>
        _target?.Stickiness?.Letters(_binding, _attempts.Redispatched) ?? ('-', '-');
}
