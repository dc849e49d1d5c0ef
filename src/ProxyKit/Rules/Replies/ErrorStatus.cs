using ProxyKit.Http;

namespace ProxyKit.Rules.Replies;

/// <summary>The statuses that have an error page.</summary>
internal static class ErrorStatus
{
    private static readonly int[] Known =
        [200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 421, 422, 425, 429, 431, 500, 501, 502, 503, 504];

    /// <summary>All of them, for messages.</summary>
    public static string List { get; } = string.Join(", ", Known);

    public static bool IsKnown(int status) => Array.IndexOf(Known, status) >= 0;

    /// <exception cref="ArgumentException">The status has no error page.</exception>
    public static void ThrowIfUnknown(int status, string parameter)
    {
        if (!IsKnown(status))
        {
            throw new ArgumentException(
                $"status code '{status}' not handled by default with 'default-errorfiles' argument; there are pages for {List}", parameter);
        }
    }

    /// <summary>The page that ProxyKit brings along.</summary>
    public static RawReply BuiltIn(int status) => Pages[Array.IndexOf(Known, IsKnown(status) ? status : 500)];

    private static readonly RawReply[] Pages = [.. Known.Select(static s => new RawReply(s, ErrorReplies.For(s)))];
}
