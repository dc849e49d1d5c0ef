using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>A whole message, ready to be sent; an empty one closes the connection without a word.</summary>
internal sealed class RawReply(int status, ReadOnlyMemory<byte> message) : LocalReply
{
    public override int Status => status;

    public override void Write(RuleContext context, ReplyWriter writer) => writer.Raw(message.Span);
}
