using ProxyKit.Authentication;
using ProxyKit.Exchanges;
using ProxyKit.Identities;

namespace ProxyKit.Runtime;

/// <summary>The issuers of tokens whose keys a configuration asks for, and the door through which the next one takes them over: while an issuer is
/// away, a reload does not cost the keys that are known.</summary>
internal sealed class IssuerStates(IssuerStates? previous)
{
    private IssuerStates? _previous = previous; // until it is put to use
    private readonly Dictionary<IssuerKeysSettings, IssuerKeys> _kept = [];

    public IssuerKeys For(IssuerKeysSettings settings, DataPath path)
    {
        if (!_kept.TryGetValue(settings, out var keys))
        {
            _kept[settings] = keys = _previous?._kept.GetValueOrDefault(settings) ?? new IssuerKeys(settings, path.Time, path.Log, _previous?.KnownTo(settings));
        }

        return keys;
    }

    /// <summary>The keys of the same issuer, asked for in another way; null where there are none.</summary>
    private VerificationKey[]? KnownTo(IssuerKeysSettings settings) =>
        _kept.FirstOrDefault(k => k.Key.IsAbout(settings) && k.Value.IsLoaded).Value?.Known;

    /// <summary>Begins to ask those that are new.</summary>
    public void Start()
    {
        foreach (var keys in _kept.Values)
        {
            keys.Start();
        }
    }

    /// <summary>Asks those no more that another configuration does not have.</summary>
    public void EndAllBut(IssuerStates? staying)
    {
        foreach (var (settings, keys) in _kept)
        {
            if (staying?._kept.GetValueOrDefault(settings) != keys)
            {
                keys.Dispose();
            }
        }
    }

    public void ForgetPrevious() => _previous = null;
}
