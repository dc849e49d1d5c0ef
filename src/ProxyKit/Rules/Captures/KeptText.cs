namespace ProxyKit.Rules.Captures;

/// <summary>The places of <see cref="RuleContext.KeptTexts"/>.</summary>
internal static class KeptText
{
    /// <summary>The cookie that was captured of the request, with its name.</summary>
    public const int RequestCookie = 0;

    /// <summary>The cookie that was captured of the response, with its name.</summary>
    public const int ResponseCookie = 1;

    /// <summary>The exchange's unique id.</summary>
    public const int UniqueId = 2;
}
