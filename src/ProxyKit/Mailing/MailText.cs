namespace ProxyKit.Mailing;

/// <summary>Texts that others have a part in, made fit for a line.</summary>
internal static class MailText
{
    /// <summary>The text with nothing in it that would end a line, or do anything else but show.</summary>
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c)) : text;
}
