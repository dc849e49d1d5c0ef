namespace ProxyKit.Http1;

/// <summary>What a head parser says about the bytes so far.</summary>
/// <param name="Status">How far it came.</param>
/// <param name="Consumed">Bytes from the origin: to the end of the head when complete, else the empty lines skipped before it.</param>
/// <param name="Refusal">The status code to answer a refused head with; 0 otherwise.</param>
/// <param name="Reason">Why it was refused, a constant sentence for the log; null otherwise.</param>
internal readonly record struct ParseResult(ParseStatus Status, int Consumed, int Refusal, string? Reason)
{
    public static ParseResult Incomplete(int consumed) => new(ParseStatus.Incomplete, consumed, 0, null);

    public static ParseResult Complete(int consumed) => new(ParseStatus.Complete, consumed, 0, null);

    public static ParseResult Refused(int consumed, int status, string reason) => new(ParseStatus.Refused, consumed, status, reason);
}
