namespace ProxyKit.Mailing;

/// <summary>Texts that others have a part in, made fit for a line.</summary>
internal static class MailText
{
    private const int Most = 300; // characters, of three bytes at most: a line of a mail has room for 998 (RFC 5321 §4.5.3.1.6)

    /// <summary>The text with nothing in it that would end a line, or do anything else but show, and no more of it than fits into one.</summary>
    public static string Of(string text) => Clean(text.Length > Most ? string.Concat(text.AsSpan(0, Most), "...") : text);

    private static string Clean(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c)) : text;
}
