using ProxyKit.Http1;
using ProxyKit.Logging;

namespace ProxyKit.Exchanges;

/// <summary>What a user's service has answered: a response as of a server, which the rules for responses see.</summary>
internal sealed partial class ServedExchange
{
    private string? _service; // that has answered
    private bool _isReplyRead; // the reply lies in _response, where rules may have changed it

    private void ResetService() => (_service, _isReplyRead) = (null, false);

    /// <summary>Has the rules for responses see the reply of a service.</summary>
    /// <returns>How the exchange ends: as it would have, or as one of them wants.</returns>
    private async ValueTask<Termination> AskAboutServiceAsync(string service, Termination end)
    {
        _service = service;
        _respondedAt = _path.Time.GetTimestamp();
        PrepareAnswer(end);
        Termination? refusal = null;
        try
        {
            if (_hasOwnReply)
            {
                var body = ReadReply();
                _isReplyRead = true;
                _context.ResponseBody = body.Array.AsMemory(body.Offset, body.Count);
                CountResponse();
                if (!_policy.Facts.Captures.IsEmpty)
                {
                    _policy.Facts.Captures.CaptureResponse(_context);
                }

                refusal = await AskAsync(_target?.Rules.Response, _policy.Rules.Response).ConfigureAwait(false);
            }
        }
        catch
        {
            DropReply(); // what the client gets is said by how it ends
            _context.Verdict = null;
            throw;
        }

        if (refusal is not { } other)
        {
            return end;
        }

        DropReply();
        return other;
    }

    /// <summary>A service stands where a server would, and is neither waited for nor connected to.</summary>
    private ExchangeRecord DescribeService(ExchangeRecord record, string service) => record with
    {
        Server = record.Server ?? service,
        Timers = record.Timers with { Queue = 0, Connect = 0, Response = Between(_requestAt, _respondedAt) },
        BytesFromServer = _replyBytes,
    };

    private void DropReply()
    {
        _reply = null; // the reply that takes its place may tell of it, and so must not be written over it
        _hasOwnReply = _isReplyRead = false;
        _replyStatus = 0;
        _context.ResponseBody = default;
    }
}
