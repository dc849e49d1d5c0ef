using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using ProxyKit.Identities;
using ProxyKit.Logging;

namespace ProxyKit.Authentication;

/// <summary>Where an issuer publishes its keys, and how often they are asked for.</summary>
/// <param name="Url">The address of the keys, or of the issuer where they are discovered.</param>
/// <param name="Issuer">The issuer, whose metadata (OpenID Connect Discovery 1.0 §4) say where the keys are; null where <paramref name="Url"/>
/// is their address.</param>
/// <param name="AllowsHttp">Whether they may come without TLS.</param>
/// <param name="RefreshEvery">How often they are asked for.</param>
/// <param name="RefreshAtLeastAfter">How long they are not asked for again, whatever tokens say and however that went.</param>
/// <param name="Timeout">How long that may take.</param>
internal sealed record IssuerKeysSettings(
    Uri Url, string? Issuer, bool AllowsHttp, TimeSpan RefreshEvery, TimeSpan RefreshAtLeastAfter, TimeSpan Timeout)
{
    /// <summary>Whether the keys come from the same place.</summary>
    public bool IsAbout(IssuerKeysSettings other) => Url == other.Url && Issuer == other.Issuer && AllowsHttp == other.AllowsHttp;
}

/// <summary>
/// The keys that an issuer publishes. Asked for when a configuration is put to use, in the background every now and then, and when a token names
/// one that is not known, though not too often. While the issuer cannot be reached the last keys stay good. Outlives configurations.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    private const int MostBytes = 256 * 1024;

    private readonly IssuerKeysSettings _settings;
    private readonly TimeProvider _time;
    private readonly IExchangeLog _log;
    private readonly HttpClient _client;
    private readonly byte[][]? _names; // the issuer, where the keys are those of one
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new(); // guards the fields below, of which _keys and _timesLearnt are read without
    private volatile VerificationKey[]? _keys;
    private ITimer? _timer;
    private Task _fetching = Task.CompletedTask;
    private long _askableAt;
    private int _timesLearnt;
    private bool _isStarted, _isAsking, _isDisposed;

    /// <param name="settings">Where the keys are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of what comes of it.</param>
    /// <param name="known">Keys that are known from before; null for none.</param>
    public IssuerKeys(IssuerKeysSettings settings, TimeProvider time, IExchangeLog log, VerificationKey[]? known = null)
    {
        (_settings, _time, _log, _keys) = (settings, time, log, known);
        _client = IssuerClient.Create(MostBytes);
        _names = settings.Issuer is { } issuer ? [Encoding.UTF8.GetBytes(issuer)] : null;
    }

    /// <summary>The keys known by now; none before they were had for the first time.</summary>
    public VerificationKey[] Known => _keys ?? [];

    /// <summary>Whether they were had once.</summary>
    public bool IsLoaded => _keys is not null;

    /// <summary>How often keys were had. Who has found none looks again where that has grown since.</summary>
    public int TimesLearnt => Volatile.Read(ref _timesLearnt);

    /// <summary>Whether it is worth waiting for more keys: they are being asked for, or may be.</summary>
    public bool MayLearn
    {
        get
        {
            lock (_lock)
            {
                return _isStarted && !_isDisposed && (_isAsking || _time.GetTimestamp() >= _askableAt);
            }
        }
    }

    /// <summary>Whether claims that one of the keys has signed are for it to make: an issuer that is known by name speaks in its own name alone.</summary>
    public bool Speaks(ClaimSet claims) => _names is null || TokenRules.HasOne(claims, "iss"u8, _names, isList: false);

    /// <summary>Begins to ask, unless that has begun.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_isStarted || _isDisposed)
            {
                return;
            }

            _isStarted = true;
            _timer = _time.CreateTimer(static state => ((IssuerKeys)state!).OnRefreshDue(), this, _settings.RefreshEvery, Timeout.InfiniteTimeSpan);
        }

        _ = LearnAsync();
    }

    /// <summary>Asks for the keys, or waits for the asking that is under way; comes back at once where they were asked for only just now. Never
    /// fails.</summary>
    public Task LearnAsync()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (_isDisposed || _isAsking || now < _askableAt)
            {
                return _fetching;
            }

            _isAsking = true;
            _askableAt = now + (long)(_settings.RefreshAtLeastAfter.TotalSeconds * _time.TimestampFrequency);
            _fetching = Task.Run(FetchAsync); // elsewhere, since this may be a request's thread, and holds a lock
            return _fetching;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _timer?.Dispose();
        }

        _stopping.Cancel();
        _client.Dispose();
    }

    /// <summary>Asks again; a tick that comes too early, as timers may, is made up for: nobody else winds the timer up.</summary>
    private void OnRefreshDue()
    {
        lock (_lock)
        {
            var left = _askableAt - _time.GetTimestamp();
            if (!_isDisposed && !_isAsking && left > 0)
            {
                _timer?.Change(TimeSpan.FromSeconds((double)left / _time.TimestampFrequency) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }
        }

        _ = LearnAsync();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Here a background loop begins: whatever fails leaves the last keys good, and is told.")]
    private async Task FetchAsync()
    {
        var (next, hasCome) = (_settings.RefreshEvery, false);
        try
        {
            using var limit = new CancellationTokenSource(_settings.Timeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
            var url = _settings.Issuer is null ? _settings.Url : await DiscoverAsync(_settings.Issuer, either.Token).ConfigureAwait(false);
            var json = await _client.GetByteArrayAsync(url, either.Token).ConfigureAwait(false);
            Use(JsonWebKeys.Parse(json, allowsSecrets: false));
            hasCome = true;
            _log.KeysLearnt(_settings.Url, Known.Length);
        }
        catch (Exception e)
        {
            next = _settings.RefreshAtLeastAfter;
            if (!_stopping.IsCancellationRequested)
            {
                _log.KeysNotLearnt(_settings.Url, e is OperationCanceledException ? $"no answer within {_settings.Timeout}" : e.Message, Known.Length);
            }
        }

        lock (_lock)
        {
            _isAsking &= hasCome; // where they have come others may be asking again
            if (!_isDisposed)
            {
                _timer?.Change(next, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Asks the issuer where its keys are. Its answer must be about the issuer that was asked (OpenID Connect Discovery 1.0 §4.3).</summary>
    private async Task<Uri> DiscoverAsync(string issuer, CancellationToken cancellationToken)
    {
        var json = await _client.GetByteArrayAsync(_settings.Url, cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var (found, keys) = (root.GetProperty("issuer").GetString(), root.GetProperty("jwks_uri").GetString());
            if (found != issuer)
            {
                throw new FormatException($"the metadata are about the issuer '{found}', not '{issuer}'");
            }

            return Uri.TryCreate(keys, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (_settings.AllowsHttp && url.Scheme == Uri.UriSchemeHttp))
                ? url
                : throw new FormatException($"its keys are at '{keys}', which is no address that may be asked");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"the metadata of the issuer are none: {e.Message}", e);
        }
    }

    /// <summary>Takes keys into use. Those that were known stay the same objects, and what they verified stays good; those that are gone do
    /// not.</summary>
    private void Use(IReadOnlyList<VerificationKey> published)
    {
        var known = Known; // one asks at a time, so nobody else changes them
        VerificationKey[] keys = [.. published.Select(key => Array.Find(known, k => k.Fingerprint.AsSpan().SequenceEqual(key.Fingerprint)) ?? key)];
        lock (_lock)
        {
            _keys = keys;
            Volatile.Write(ref _timesLearnt, _timesLearnt + 1);
            _isAsking = false; // what is still to be done brings no keys: who misses one from here on asks anew
        }

        foreach (var gone in known.Except(keys))
        {
            gone.Retire();
        }
    }
}
