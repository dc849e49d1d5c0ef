namespace ProxyKit.Queueing;

/// <summary>Who has to go when a backend's queues are full: the last of the worst class, and in it of the key that most wait with, so that whoever
/// sends the most is refused first and cannot keep others out by filling the queue.</summary>
internal static class QueueOverflow
{
    /// <summary>Chooses among all that wait.</summary>
    /// <param name="common">Those who wait for any server.</param>
    /// <param name="own">Those who wait for one.</param>
    /// <param name="newcomer">Who came last, and goes where nobody else has to.</param>
    public static Waiter Choose(WaitList common, Dictionary<Backends.ServerState, WaitList>.ValueCollection own, Waiter newcomer)
    {
        var (priority, flow) = (newcomer.Ticket.Class, newcomer.Flow!); // it is in a list
        Consider(common, ref priority, ref flow);
        foreach (var list in own)
        {
            Consider(list, ref priority, ref flow);
        }

        return flow == newcomer.Flow ? newcomer : flow.Waiters.FindLast() ?? newcomer;
    }

    private static void Consider(WaitList list, ref int priority, ref WaitFlow flow)
    {
        if (list.Count == 0)
        {
            return;
        }

        var worst = list.Lanes[^1];
        var longest = worst.FindLongest()!; // a lane in a list has members
        if (worst.Class > priority || (worst.Class == priority && longest.Waiters.Count > flow.Waiters.Count))
        {
            (priority, flow) = (worst.Class, longest);
        }
    }
}
