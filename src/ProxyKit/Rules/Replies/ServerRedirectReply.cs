using System.Text;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Rules.Replies;

/// <summary>Sends the client to where the server's content lies. HAProxy: <c>redir</c>.</summary>
/// <param name="prefix">What comes before the request's path and query; a slash alone for nothing.</param>
internal sealed class ServerRedirectReply(string prefix) : LocalReply
{
    private readonly byte[] _prefix = prefix == "/" ? [] : Encoding.UTF8.GetBytes(prefix);

    public override int Status => 302;

    public override void Write(RuleContext context, ReplyWriter writer)
    {
        var path = TargetParts.PathAndQuery(context.Request!); // where there is a server there was a request
        path = path.IsEmpty ? "/"u8 : path;
        var location = context.Scratch.Rent(_prefix.Length + path.Length);
        _prefix.CopyTo(location);
        path.CopyTo(location[_prefix.Length..]);
        writer.Begin(Status, ReasonPhrases.For(Status));
        writer.Field("cache-control"u8, "no-cache"u8);
        writer.Field("content-length"u8, "0"u8);
        writer.Field("location"u8, location);
        writer.Raw("\r\n"u8);
    }
}
