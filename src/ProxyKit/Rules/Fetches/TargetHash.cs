namespace ProxyKit.Rules.Fetches;

/// <summary>The hash of <c>base32</c> and <c>url32</c>: that of the sdbm library, and an avalanche over its result by Bob Jenkins' integer
/// hash, which makes it what <c>sdbm(1)</c> gives.</summary>
internal struct TargetHash
{
    private uint _hash;

    public readonly uint Value
    {
        get
        {
            unchecked
            {
                var a = _hash + 0x7ED55D16 + (_hash << 12);
                a = a ^ 0xC761C23C ^ (a >> 19);
                a = a + 0x165667B1 + (a << 5);
                a = (a + 0xD3A2646C) ^ (a << 9);
                a = a + 0xFD7046C5 + (a << 3);
                a = a ^ 0xB55A4F09 ^ (a >> 16);
                return a * 0xC0000001;
            }
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var octet in bytes)
        {
            _hash = unchecked(octet + (_hash << 6) + (_hash << 16) - _hash);
        }
    }
}
