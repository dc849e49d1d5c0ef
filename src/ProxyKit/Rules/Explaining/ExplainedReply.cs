namespace ProxyKit.Rules.Explaining;

/// <summary>An answer that the proxy gives by itself.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its header fields, bytes that cannot be shown as <c>\xNN</c>.</param>
/// <param name="Body">The beginning of its body, shown likewise; empty where it has none.</param>
public sealed record ExplainedReply(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body);
