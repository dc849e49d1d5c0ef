using System.Numerics;
using System.Runtime.InteropServices;
using ProxyKit.Identities;

namespace ProxyKit.Authentication;

/// <summary>
/// Remembers which proofs were found to be good, by a hash that no client can find another proof for, so that neither the work is done twice nor a
/// proof is kept. Bounded, and without a lock: a hash may lie in one of eight places; a place holds an entry that never changes but for when it
/// was used last, and is replaced whole. Two threads that write to one place at once lose one of the entries, which costs a verification.
/// </summary>
internal sealed class TokenCache
{
    /// <summary>The length of the hashes.</summary>
    public const int HashLength = 32;

    private const int Ways = 8;

    private readonly Entry?[] _entries;
    private readonly uint _mask;

    /// <param name="capacity">How many proofs there is room for, rounded up to a power of two; 1 or more.</param>
    public TokenCache(int capacity)
    {
        var sets = BitOperations.RoundUpToPowerOf2((uint)((capacity + Ways - 1) / Ways));
        _entries = new Entry?[sets * Ways];
        _mask = sets - 1;
    }

    /// <summary>Finds who is behind a proof.</summary>
    /// <param name="hash">The proof's hash.</param>
    /// <param name="now">The time in ticks, by the clock that <see cref="Add"/> goes by too.</param>
    /// <param name="otherNow">The time by another clock, where proofs expire by whichever of two is further on.</param>
    /// <returns>Null where it is not known, has expired, or its key is not used any more.</returns>
    public ClientPrincipal? Find(ReadOnlySpan<byte> hash, long now, long otherNow = 0)
    {
        var wanted = MemoryMarshal.Read<Hash>(hash);
        var first = FirstPlace(wanted);
        for (var i = first; i < first + Ways; i++)
        {
            if (Volatile.Read(ref _entries[i]) is { } entry && entry.Hash == wanted)
            {
                if (now >= entry.ExpiresAt || otherNow >= entry.OtherExpiresAt || entry.Key is { IsRetired: true })
                {
                    return null;
                }

                if (now - entry.UsedAt > TimeSpan.TicksPerSecond)
                {
                    entry.UsedAt = now; // not each time: other threads read the same line of memory
                }

                return entry.Principal;
            }
        }

        return null;
    }

    /// <summary>Remembers a proof, in the place of the one of its set that has expired or was used longest ago.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="principal">Who is behind it.</param>
    /// <param name="key">What it was verified with; null where that does not change.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="expiresAt">Until when it counts.</param>
    /// <param name="otherExpiresAt">Until when it counts by the other clock.</param>
    public void Add(ReadOnlySpan<byte> hash, ClientPrincipal principal, VerificationKey? key, long now, long expiresAt, long otherExpiresAt = long.MaxValue)
    {
        var added = new Entry(MemoryMarshal.Read<Hash>(hash), principal, key, expiresAt, otherExpiresAt) { UsedAt = now };
        var first = FirstPlace(added.Hash);
        var place = first;
        var oldest = long.MaxValue;
        for (var i = first; i < first + Ways; i++)
        {
            var entry = Volatile.Read(ref _entries[i]);
            if (entry?.Hash == added.Hash)
            {
                place = i;
                break;
            }

            var age = entry is null || entry.ExpiresAt <= now || entry.Key is { IsRetired: true } ? -1 : entry.UsedAt;
            if (age < oldest)
            {
                (oldest, place) = (age, i);
            }
        }

        Volatile.Write(ref _entries[place], added);
    }

    // Seeded anew in each process: which proofs drive one another out, which a client may find out by the time they take, tells nothing of a
    // hash that is a secret.
    private int FirstPlace(Hash hash) => (int)((uint)HashCode.Combine(hash.A, hash.B, hash.C, hash.D) & _mask) * Ways;

    private readonly record struct Hash(ulong A, ulong B, ulong C, ulong D);

    private sealed class Entry(Hash hash, ClientPrincipal principal, VerificationKey? key, long expiresAt, long otherExpiresAt)
    {
        public readonly Hash Hash = hash;

        public ClientPrincipal Principal => principal;

        public VerificationKey? Key => key;

        public long ExpiresAt => expiresAt;

        public long OtherExpiresAt => otherExpiresAt;

        public long UsedAt { get; set; }
    }
}
