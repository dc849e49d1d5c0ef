using System.Security.Cryptography;

namespace ProxyKit.Checks;

/// <summary>A TLS greeting without a handshake behind it: enough to see that somebody speaks TLS there.</summary>
internal static class TlsHello
{
    private static readonly byte[] Suites =
    [
        0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x2C, 0xC0, 0x30, 0xC0, 0x13, 0xC0, 0x14, 0x00, 0x9C, 0x00, 0x9D, 0x00, 0x2F, 0x00, 0x35, 0x00, 0x0A, 0x00, 0x05, 0x00, 0x04,
    ];

    public static ScriptStep[] Steps =>
    [
        new SendingStep(Greeting()),
        new AnswerStep(
            static answer => answer[0] is 0x15 or 0x16 ? new CheckResult(CheckStatus.Layer6Passed) : new CheckResult(CheckStatus.Layer6Failed),
            "")
        {
            InvalidStatus = CheckStatus.Layer6Failed,
            TimeoutStatus = CheckStatus.Layer6TimedOut,
        },
    ];

    /// <summary>A client hello of the oldest kind, which servers of any age answer: with a hello of theirs, or with an alert.</summary>
    private static byte[] Greeting()
    {
        byte[] body =
        [
            0x03, 0x00, .. RandomNumberGenerator.GetBytes(32), // version 3.0, random bytes
            0, // no session
            0, (byte)Suites.Length, .. Suites,
            1, 0, // no compression
        ];
        return [0x16, 0x03, 0x00, 0, (byte)(body.Length + 4), 0x01, 0, 0, (byte)body.Length, .. body];
    }
}
