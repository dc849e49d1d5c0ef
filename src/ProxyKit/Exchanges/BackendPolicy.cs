using ProxyKit.Backends;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Exchanges;

/// <summary>A backend of the running configuration with what the exchanges that come to it are asked.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Rules">Its rules.</param>
internal sealed record BackendPolicy(Backend Backend, RuleSet Rules);
