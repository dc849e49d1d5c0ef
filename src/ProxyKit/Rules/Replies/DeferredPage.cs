using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>The error page of a status, of whichever proxy the exchange is in.</summary>
internal sealed class DeferredPage(int status) : LocalReply
{
    public override int Status => status;

    public override void Write(RuleContext context, ReplyWriter writer) => ErrorPages.For(context, status).Write(context, writer);
}
