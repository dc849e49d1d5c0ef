using System.Text;

namespace ProxyKit.Rules.Captures;

/// <summary>What a frontend captures: the slots that its log shows, which its rules add to, and a cookie. Read only once the configuration is put
/// to use.</summary>
internal sealed class CapturePlan
{
    private readonly byte[]? _cookie;
    private readonly int _cookieLength;

    public CapturePlan()
    {
    }

    public CapturePlan(IEnumerable<Capture> captures)
    {
        foreach (var capture in captures)
        {
            switch (capture.Kind)
            {
                case CaptureKind.RequestHeader:
                    Request.Declare(capture.Name, capture.MaxLength);
                    break;
                case CaptureKind.ResponseHeader:
                    Response.Declare(capture.Name, capture.MaxLength);
                    break;
                case CaptureKind.RequestSlot:
                    Request.Declare(capture.MaxLength);
                    break;
                case CaptureKind.ResponseSlot:
                    Response.Declare(capture.MaxLength);
                    break;
                default:
                    _cookie = Encoding.Latin1.GetBytes(capture.Name); // of several the last, as in HAProxy
                    _cookieLength = capture.MaxLength;
                    break;
            }
        }
    }

    /// <summary>The slots of requests.</summary>
    public CaptureSlots Request { get; } = new();

    /// <summary>The slots of responses.</summary>
    public CaptureSlots Response { get; } = new();

    /// <summary>Whether nothing is captured.</summary>
    public bool IsEmpty => Request.Count == 0 && Response.Count == 0 && _cookie is null;

    /// <summary>Captures of the request's head.</summary>
    public void CaptureRequest(RuleContext context)
    {
        if (context.Request is { } request)
        {
            Request.Fill(request.Headers, context.RequestCaptures);
            if (_cookie is not null && CookieCapture.TryFindInRequest(request.Headers, _cookie, out var cookie))
            {
                context.KeptTexts.Set(KeptText.RequestCookie, cookie, _cookieLength);
            }
        }
    }

    /// <summary>Captures of the response's head.</summary>
    public void CaptureResponse(RuleContext context)
    {
        if (context.Response is { } response)
        {
            Response.Fill(response.Headers, context.ResponseCaptures);
            if (_cookie is not null && CookieCapture.TryFindInResponse(response.Headers, _cookie, out var cookie))
            {
                context.KeptTexts.Set(KeptText.ResponseCookie, cookie, _cookieLength);
            }
        }
    }
}
