using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Rules;

namespace ProxyKit.Exchanges;

/// <summary>What the log is told of a connection.</summary>
internal sealed partial class ServedTunnel
{
    private bool IsRecorded => _policy.AccessLog && _path.Log.IsAccessEnabled && _context.Settings.LogLevel != LogLevel.None;

    /// <summary>Tells the log of a step on the way that it wants to know of.</summary>
    private void RecordStep(LogSteps step, string origin)
    {
        if (_policy.Lines.Has(step))
        {
            try
            {
                ((IRuleHost)this).Log(origin);
            }
            catch (Exception e)
            {
                _path.Log.Failed(e, _policy.Name); // as below
            }
        }
    }

    /// <summary>Tells the log, unless it was told ahead of the end.</summary>
    private void RecordOnce(Termination end)
    {
        try
        {
            if (IsRecorded && !_isRecorded && _policy.Lines.HasEnd)
            {
                _isRecorded = true;
                Record(Describe(end) with { Origin = _policy.Lines.OriginOfEnd });
            }
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name); // a user's logger or fetch threw
        }
    }

    private void Record(in ExchangeRecord record) => AccessLine.Write(_path.Log, _policy, _context, in record);

    private ExchangeRecord Describe(Termination end)
    {
        var now = _path.Time.GetTimestamp();
        var total = (long)_path.Time.GetElapsedTime(_startedAt, now).TotalMilliseconds;
        var server = _attempts.Server;
        return new ExchangeRecord
        {
            IsHttp = false,
            StartedAt = _path.Time.GetUtcNow() - _path.Time.GetElapsedTime(_startedAt, now),
            AcceptedAt = _context.Session.AcceptedAt,
            Number = _number,
            ServerSource = _upstream?.LocalEndPoint,
            ServerAddress = _upstream?.Destination,
            Client = _context.SourceEndPoint,
            Frontend = _policy.Name,
            IsSecure = _context.Session.IsSecure,
            Backend = _target?.Backend.Name ?? _policy.Name,
            Server = server?.Name,
            Timers = new ExchangeTimers(
                Request: -1,
                Queue: Between(_startedAt, _attempts.QueueEndedAt),
                Connect: Between(_attempts.PickedAt, _connectedAt),
                Response: -1,
                Active: total,
                Total: total),
            Status = 0,
            BytesFromServer = _tunnel?.BytesFromServer ?? 0,
            BytesFromClient = _tunnel?.BytesFromClient ?? 0,
            BytesToServer = _tunnel?.BytesFromClient ?? 0, // what came was passed on
            BytesToClient = _tunnel?.BytesFromServer ?? 0,
            Cause = end.CauseLetter,
            Phase = end.PhaseLetter,
            Concurrency = new ConcurrencyCounts(
                _path.Connections.Current, _policy.Connections.Current, _target?.Backend.ActiveRequests ?? 0, server?.ActiveRequests ?? 0),
            Queues = _attempts.QueuePositions,
            IsEarly = _policy.Lines.IsEarly,
            Retries = _attempts.Retries,
            Redispatched = _attempts.Redispatched,
            RequestLine = default,
        };
    }
}
