namespace ProxyKit.Rules.Actions;

/// <summary>A response that the proxy gives by itself.</summary>
internal abstract class LocalReply
{
    /// <summary>The status, as the log has it.</summary>
    public abstract int Status { get; }

    /// <summary>Writes the whole message.</summary>
    /// <param name="context">The exchange that it answers; null stands for none, where formats yield nothing.</param>
    /// <param name="writer">Where to.</param>
    public abstract void Write(RuleContext context, ReplyWriter writer);
}
