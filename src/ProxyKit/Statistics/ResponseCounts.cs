namespace ProxyKit.Statistics;

/// <summary>Responses by the class of their status.</summary>
/// <param name="Informational">Final responses of 1xx: switches of protocol. HAProxy: <c>hrsp_1xx</c>.</param>
/// <param name="Successful">2xx. HAProxy: <c>hrsp_2xx</c>.</param>
/// <param name="Redirections">3xx. HAProxy: <c>hrsp_3xx</c>.</param>
/// <param name="ClientErrors">4xx. HAProxy: <c>hrsp_4xx</c>.</param>
/// <param name="ServerErrors">5xx. HAProxy: <c>hrsp_5xx</c>.</param>
/// <param name="Other">Any other status, and requests that ended without an answer. HAProxy: <c>hrsp_other</c>.</param>
public readonly record struct ResponseCounts(long Informational, long Successful, long Redirections, long ClientErrors, long ServerErrors, long Other);
