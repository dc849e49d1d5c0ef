using ProxyKit.Balancing.Hashes;

namespace ProxyKit.Rules.Fetches;

/// <summary>The hash of <c>base32</c> and <c>url32</c>, taken piece by piece: what the converter <c>sdbm(1)</c> gives of all of them.</summary>
internal struct TargetHash
{
    private uint _hash;

    public readonly uint Value => Avalanche.Mix(_hash);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var octet in bytes)
        {
            _hash = unchecked(octet + (_hash << 6) + (_hash << 16) - _hash);
        }
    }
}
