using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules.Captures;

/// <summary>What a frontend captures, with its slots numbered. Complete once the frontend's rules are made ready, which add slots of their
/// own; read only from then on.</summary>
internal sealed class CapturePlan
{
    private readonly List<Slot> _request = [], _response = [];
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
                case CaptureKind.RequestHeader or CaptureKind.RequestSlot:
                    _request.Add(Slot.Of(capture));
                    break;
                case CaptureKind.ResponseHeader or CaptureKind.ResponseSlot:
                    _response.Add(Slot.Of(capture));
                    break;
                default:
                    _cookie = Encoding.Latin1.GetBytes(capture.Name); // of several the last, as in HAProxy
                    _cookieLength = capture.MaxLength;
                    break;
            }
        }
    }

    /// <summary>How many slots of the request there are.</summary>
    public int RequestSlots => _request.Count;

    /// <summary>How many slots of the response there are.</summary>
    public int ResponseSlots => _response.Count;

    /// <summary>Whether nothing is captured.</summary>
    public bool IsEmpty => _request.Count == 0 && _response.Count == 0 && _cookie is null;

    /// <summary>Adds a slot of the request, for a rule.</summary>
    /// <returns>Its number.</returns>
    public int AddRequestSlot(int maxLength)
    {
        _request.Add(new Slot(null, KnownHeader.None, maxLength));
        return _request.Count - 1;
    }

    /// <summary>How long a slot's text may be; null where there is no such slot.</summary>
    public int? RequestLength(int slot) => slot >= 0 && slot < _request.Count ? _request[slot].MaxLength : null;

    /// <inheritdoc cref="RequestLength"/>
    public int? ResponseLength(int slot) => slot >= 0 && slot < _response.Count ? _response[slot].MaxLength : null;

    /// <summary>Captures of the request's head.</summary>
    public void CaptureRequest(RuleContext context)
    {
        if (context.Request is { } request)
        {
            CaptureFields(_request, request.Headers, context.RequestCaptures);
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
            CaptureFields(_response, response.Headers, context.ResponseCaptures);
            if (_cookie is not null && CookieCapture.TryFindInResponse(response.Headers, _cookie, out var cookie))
            {
                context.KeptTexts.Set(KeptText.ResponseCookie, cookie, _cookieLength);
            }
        }
    }

    private static void CaptureFields(List<Slot> slots, HeaderBlock headers, CaptureSet captures)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            if (slots[i] is { Name: { } name } slot && TryFindLast(headers, name, slot.Known, out var value))
            {
                captures.Set(i, value, slot.MaxLength);
            }
        }
    }

    private static bool TryFindLast(HeaderBlock headers, byte[] name, KnownHeader known, out ReadOnlySpan<byte> value)
    {
        for (var i = headers.TableLength - 1; i >= 0; i--)
        {
            if (headers.KnownAt(i) == known && !headers.IsRemovedAt(i)
                && (known != KnownHeader.None || Ascii.EqualsIgnoreCase(headers.NameAt(i), name)))
            {
                value = headers.ValueAt(i);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <param name="Name">The field that fills it; null for one that rules fill.</param>
    /// <param name="Known">The field's id, where it has one.</param>
    /// <param name="MaxLength">How many bytes are kept.</param>
    private readonly record struct Slot(byte[]? Name, KnownHeader Known, int MaxLength)
    {
        public static Slot Of(Capture capture)
        {
            var name = capture.Name.Length == 0 ? null : Encoding.Latin1.GetBytes(capture.Name);
            return new(name, name is null ? KnownHeader.None : KnownHeaders.Find(name), capture.MaxLength);
        }
    }
}
