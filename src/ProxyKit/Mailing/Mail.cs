using System.Globalization;
using System.Text;

namespace ProxyKit.Mailing;

/// <summary>A mail about a server.</summary>
/// <param name="alert">From whom to whom.</param>
/// <param name="text">What it says: a line without control characters.</param>
/// <param name="time">When that was.</param>
internal sealed class Mail(EmailAlert alert, string text, DateTimeOffset time)
{
    public EmailAlert Alert => alert;

    public string Text => text;

    /// <summary>What mailers are told, one after the other, and the first digit of the answer by which they agree (RFC 5321 §4.2.1). Before the first they
    /// say something of their own.</summary>
    public IEnumerable<(string Command, char Agreement)> Dialogue =>
    [
        ("", '2'),
        ($"HELO {alert.HostName}\r\n", '2'),
        ($"MAIL FROM:<{alert.From}>\r\n", '2'),
        ($"RCPT TO:<{alert.To}>\r\n", '2'),
        ("DATA\r\n", '3'),
        (Content, '2'),
    ];

    /// <summary>No line of it begins with a dot (RFC 5321 §4.5.2): texts begin with a word.</summary>
    private string Content => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"From: {alert.From}\r\nTo: {alert.To}\r\nDate: ")
        .Append(time.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)) // RFC 5322 §3.3
        .Append(CultureInfo.InvariantCulture, $" +0000 (UTC)\r\nSubject: [HAProxy Alert] {text}\r\n\r\n{text}\r\n\r\n.\r\n")
        .ToString();
}
