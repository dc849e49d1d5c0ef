using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The cookie in the first message of a remote desktop connection.</summary>
internal static class RdpFetches
{
    private const int CookieAt = 11; // behind the headers of TPKT and X.224

    private static readonly KeywordArgument Name = Fetch.Optional("name");

    public static IEnumerable<FetchKeyword> All =>
    [
        .. Fetch.Of("req.rdp_cookie", SampleType.String, RuleStages.OfRequest, Cookie, Name).AlsoAs("rdp_cookie"),
        .. Fetch.Of("req.rdp_cookie_cnt", SampleType.Integer, RuleStages.OfRequest, Count, Name).AlsoAs("rdp_cookie_cnt"),
    ];

    private static SampleFetch Cookie(KeywordUse use)
    {
        var name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) =>
            TryFind(context, name, out var value, out _) && sample.SetString(value);
    }

    private static SampleFetch Count(KeywordUse use)
    {
        var name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) =>
        {
            var isFound = TryFind(context, name, out _, out var isTooShort);
            return !isTooShort && ContentFetches.TryGet(context, MessageSide.Request, out _) && sample.Set(isFound ? 1 : 0);
        };
    }

    private static bool TryFind(RuleContext context, byte[] name, out ReadOnlySpan<byte> value, out bool isTooShort)
    {
        value = default;
        isTooShort = false;
        if (!ContentFetches.TryGet(context, MessageSide.Request, out var bytes))
        {
            return false;
        }

        isTooShort = bytes.Length <= CookieAt + 7;
        if (isTooShort)
        {
            return ContentFetches.TooShort(context);
        }

        var text = bytes[CookieAt..];
        if (!Ascii.EqualsIgnoreCase(text[..7], "cookie:"u8))
        {
            return false;
        }

        text = text[7..].TrimStart((byte)' ');
        var equal = name.Length > 0 ? name.Length : text.IndexOfAny((byte)'=', (byte)'\r', (byte)'\n');
        isTooShort = equal < 0 || text.Length <= equal;
        if (isTooShort)
        {
            return ContentFetches.TooShort(context);
        }

        if (text[equal] != '=' || (name.Length > 0 && !Ascii.EqualsIgnoreCase(text[..equal], name)))
        {
            return false;
        }

        text = text[(equal + 1)..];
        var end = text.IndexOf((byte)'\r');
        isTooShort = end < 0 || end + 1 == text.Length;
        if (isTooShort)
        {
            return ContentFetches.TooShort(context);
        }

        value = text[..end];
        return text[end + 1] == '\n';
    }
}
