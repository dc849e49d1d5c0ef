using System.Diagnostics;
using ProxyKit.Backends;

namespace ProxyKit.Stickiness;

/// <summary>What one request or connection brings along about the server it is to have, and what is to be remembered of it. Belongs to its
/// exchange or tunnel and is used again with that.</summary>
internal sealed class ClientBinding
{
    /// <summary>What a request may have stick tables learn. HAProxy's limit.</summary>
    public const int MostLessons = 8;

    private const int KeptBytes = 256;

    private Lesson[] _lessons = [];
    private int _count;

    /// <summary>What a rule made of what binds the client; null where none held.</summary>
    public PersistenceEffect? Effect { get; set; }

    /// <summary>The server that it has to be, as decided before the first attempt.</summary>
    public Direction Direction { get; private set; }

    /// <summary>What the request's cookie is worth, in the letter of HAProxy's log; a dash where cookies bind nobody.</summary>
    public char RequestCookie { get; set; } = '-';

    /// <summary>What became of the cookie in the response, likewise.</summary>
    public char ResponseCookie { get; set; } = '-';

    /// <summary>When the client was last given its cookie, as that says, in seconds since 1970; 0 where it does not.</summary>
    public long LastSeen { get; set; }

    /// <summary>When it was first given one, likewise.</summary>
    public long FirstSeen { get; set; }

    /// <summary>Whether a server is decided on.</summary>
    public bool HasServer => Direction.Server is not null;

    public bool IsForced => Effect == PersistenceEffect.Force;

    /// <summary>How many keys are to be learnt.</summary>
    public int Lessons => _count;

    /// <summary>Decides on a server.</summary>
    public void Direct(Server server, DirectionKind kind) => Direction = new Direction(server, kind, IsForced);

    /// <summary>Says what was decided, be it nothing.</summary>
    public Direction Decide() => Direction = Direction with { IsForced = IsForced };

    /// <summary>Whether a key is to be learnt by a table already.</summary>
    /// <param name="targets">The table.</param>
    /// <param name="first">The first key that counts.</param>
    public bool HasLesson(StickTargets targets, int first = 0)
    {
        for (var i = first; i < _count; i++)
        {
            if (_lessons[i].Targets!.Table == targets.Table) // below the count all are there
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Has a table learn a key once the server is known; of no effect where there are enough.</summary>
    public void Add(StickTargets targets, ReadOnlySpan<byte> key)
    {
        if (_count == MostLessons)
        {
            return;
        }

        if (_lessons.Length == 0)
        {
            _lessons = new Lesson[MostLessons];
        }

        ref var lesson = ref _lessons[_count++];
        lesson.Targets = targets;
        if (lesson.Key is null || lesson.Key.Length < key.Length)
        {
            lesson.Key = new byte[Math.Max(32, key.Length)];
        }

        key.CopyTo(lesson.Key);
        lesson.Length = key.Length;
    }

    /// <summary>Has the tables learn the keys.</summary>
    public void Learn(Server server)
    {
        for (var i = 0; i < _count && !server.IsNonStick; i++)
        {
            ref readonly var lesson = ref _lessons[i];
            Debug.Assert(lesson.Targets is not null && lesson.Key is not null, "below the count all are there");
            lesson.Targets.Learn(lesson.Key.AsSpan(0, lesson.Length), server);
        }

        _count = 0;
    }

    /// <summary>Makes it ready for another use. Small buffers stay.</summary>
    public void Reset()
    {
        Effect = null;
        Direction = default;
        RequestCookie = ResponseCookie = '-';
        LastSeen = FirstSeen = 0;
        _count = 0;
        foreach (ref var lesson in _lessons.AsSpan())
        {
            lesson = new Lesson { Key = lesson.Key?.Length > KeptBytes ? null : lesson.Key };
        }
    }

    private struct Lesson
    {
        public StickTargets? Targets;
        public byte[]? Key;
        public int Length;
    }
}
