namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>The lists that rule lines go to.</summary>
[Flags]
internal enum RuleLists
{
    None = 0,
    Connection = 1 << 0,
    Session = 1 << 1,
    Content = 1 << 2,
    ResponseContent = 1 << 3,
    Request = 1 << 4,
    Response = 1 << 5,
    AfterResponse = 1 << 6,

    OfTcp = Connection | Session | Content | ResponseContent,
    OfHttp = Request | Response | AfterResponse,
    Everywhere = OfTcp | OfHttp,
}
