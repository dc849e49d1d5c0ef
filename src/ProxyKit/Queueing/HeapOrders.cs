namespace ProxyKit.Queueing;

/// <summary>Who goes first of those of one class and key.</summary>
internal readonly struct FirstGoesFirst : IHeapOrder<Waiter>
{
    public static bool GoesBefore(Waiter one, Waiter other) => one.Position.CompareTo(other.Position) < 0;

    public static int PlaceOf(Waiter member) => member.Place;

    public static void NotePlace(Waiter member, int place) => member.Place = place;
}

/// <summary>Who would go last of them, for when one too many waits.</summary>
internal readonly struct LastGoesFirst : IHeapOrder<Waiter>
{
    public static bool GoesBefore(Waiter one, Waiter other) => one.Position.CompareTo(other.Position) > 0;

    public static int PlaceOf(Waiter member) => member.PlaceFromBehind;

    public static void NotePlace(Waiter member, int place) => member.PlaceFromBehind = place;
}

/// <summary>The key that most wait with, of a class.</summary>
internal readonly struct LongestGoesFirst : IHeapOrder<WaitFlow>
{
    public static bool GoesBefore(WaitFlow one, WaitFlow other) => one.Count > other.Count;

    public static int PlaceOf(WaitFlow member) => member.Place;

    public static void NotePlace(WaitFlow member, int place) => member.Place = place;
}

/// <summary>The list with the worst class, and of those with the same the one with the key that most wait with. Only lists that have members.</summary>
internal readonly struct WorstGoesFirst : IHeapOrder<WaitList>
{
    public static bool GoesBefore(WaitList one, WaitList other)
    {
        var (mine, others) = (one.Lanes[^1], other.Lanes[^1]);
        return mine.Class != others.Class ? mine.Class > others.Class : mine.Longest!.Count > others.Longest!.Count; // lanes in lists have members
    }

    public static int PlaceOf(WaitList member) => member.Place;

    public static void NotePlace(WaitList member, int place) => member.Place = place;
}
