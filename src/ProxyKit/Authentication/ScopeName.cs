namespace ProxyKit.Authentication;

/// <summary>The names of scopes (RFC 6749 §3.3).</summary>
internal static class ScopeName
{
    /// <summary>Whether it is one: visible ASCII without quotes and backslashes, so that it is a word of its own in claims and challenges.</summary>
    public static bool IsValid(string? scope) =>
        !string.IsNullOrEmpty(scope) && !scope.AsSpan().ContainsAnyExceptInRange('!', '~') && !scope.AsSpan().ContainsAny('"', '\\');

    public static void ThrowIfNone(string scope, string parameter)
    {
        if (!IsValid(scope))
        {
            throw new ArgumentException($"'{scope}' is no scope: one word of visible ASCII, without quotes and backslashes.", parameter);
        }
    }
}
