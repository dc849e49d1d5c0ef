using System.Diagnostics.CodeAnalysis;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Rules.Fetches;

/// <summary>Which message a fetch is about.</summary>
internal enum MessageSide
{
    Request,
    Response,

    /// <summary>The one that is under way.</summary>
    Either,
}

/// <summary>Finds the head that a fetch is about.</summary>
internal static class MessageHeads
{
    /// <summary>The request while it is under way: once rules look at the response, there is none to ask about.</summary>
    public static bool TryGetRequest(RuleContext context, [NotNullWhen(true)] out RequestHead? request)
    {
        request = null;
        return !context.IsInResponse && TryGetKeptRequest(context, out request);
    }

    /// <summary>The request for what of it is kept until the log is written.</summary>
    public static bool TryGetKeptRequest(RuleContext context, [NotNullWhen(true)] out RequestHead? request)
    {
        request = context.Request ?? Inspect(context);
        return request is not null;
    }

    /// <summary>The response while it is under way.</summary>
    public static bool TryGetResponse(RuleContext context, [NotNullWhen(true)] out ResponseHead? response)
    {
        response = context.IsInResponse ? context.Response : null;
        return response is not null;
    }

    /// <summary>The fields of a message.</summary>
    public static bool TryGetHeaders(RuleContext context, MessageSide side, [NotNullWhen(true)] out HeaderBlock? headers)
    {
        headers = side == MessageSide.Response || (side == MessageSide.Either && context.IsInResponse)
            ? TryGetResponse(context, out var response) ? response.Headers : null
            : TryGetRequest(context, out var request) ? request.Headers : null;
        return headers is not null;
    }

    private static RequestHead? Inspect(RuleContext context)
    {
        if (context.Exchange is not null || context.IsInResponse)
        {
            return null;
        }

        if (context.Received.IsEmpty)
        {
            context.IsPending |= !context.HasAll;
            return null;
        }

        var inspection = context.Inspection ??= new RequestInspection();
        switch (inspection.Read(context.Received.Span))
        {
            case ParseStatus.Complete:
                return inspection.Head;
            case ParseStatus.Incomplete:
                context.IsPending |= !context.HasAll;
                return null;
            default:
                return null;
        }
    }
}
