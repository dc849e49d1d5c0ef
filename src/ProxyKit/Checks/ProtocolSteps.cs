using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ProxyKit.Checks;

/// <summary>What is said to mail servers, databases and directories, and what they have to answer.</summary>
internal static class ProtocolSteps
{
    private const string NoMySql = "MySQL handshake error";

    public static ScriptStep[] Smtp(string greeting) =>
    [
        new AnswerStep(SmtpReply, "SMTP server answered nothing that it should"),
        Send($"{greeting}\r\n"),
        new AnswerStep(SmtpReply, "SMTP server answered nothing that it should"),
        Send("QUIT\r\n"),
        new AnswerStep(SmtpReply, "SMTP server answered nothing that it should"),
    ];

    public static ScriptStep[] Redis =>
    [
        Send("*1\r\n$4\r\nPING\r\n"),
        new AnswerStep(
            static answer => answer.StartsWith("+PONG\r\n"u8) ? new CheckResult(CheckStatus.Layer7Passed, 0, "Redis server is ok")
                : answer.Length < 7 && "+PONG\r\n"u8.StartsWith(answer) ? null
                : new CheckResult(CheckStatus.Layer7WrongStatus, 0, Text(answer)),
            "Redis server answered nothing"),
    ];

    public static ScriptStep[] Ldap =>
    [
        new SendingStep(new byte[] { 0x30, 0x0C, 0x02, 0x01, 0x01, 0x60, 0x07, 0x02, 0x01, 0x03, 0x04, 0x00, 0x80, 0x00 }), // an anonymous bind
        new AnswerStep(LdapBind, "Not LDAPv3 protocol"),
    ];

    public static ScriptStep[] PostgreSql(string user)
    {
        byte[] parameters = [.. "user\0"u8, .. Encoding.UTF8.GetBytes(user), 0, 0];
        var startup = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(startup, startup.Length);
        BinaryPrimitives.WriteInt32BigEndian(startup.AsSpan(4), 0x0003_0000); // version 3.0 of the protocol
        parameters.CopyTo(startup.AsSpan(8));
        return
        [
            new SendingStep(startup),
            new AnswerStep(
                static answer => answer[0] switch
                {
                    (byte)'R' => answer.Length < 9 ? null : new CheckResult(CheckStatus.Layer7Passed, 0, "PostgreSQL server is ok"),
                    (byte)'E' => answer.Length < 5 ? null : new CheckResult(CheckStatus.Layer7WrongStatus, 0, PostgreSqlError(answer)),
                    _ => new CheckResult(CheckStatus.Layer7Invalid, 0, "PostgreSQL unknown error"),
                },
                "PostgreSQL server answered nothing"),
        ];
    }

    public static ScriptStep[] MySql(string? user, bool isOld)
    {
        if (user is null)
        {
            return [new AnswerStep(MySqlGreeting, NoMySql)];
        }

        return
        [
            new AnswerStep(MySqlGreeting, NoMySql),
            new SendingStep(isOld ? OldLogin(user) : Login(user)),
            new AnswerStep(MySqlLogin, NoMySql),
        ];
    }

    private static SendingStep Send(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(ReadOnlySpan<byte> bytes) => CheckText.Of(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 256)]));

    /// <summary>A reply has three digits; its last line has a space, or nothing, behind them. RFC 5321 §4.2.</summary>
    private static CheckResult? SmtpReply(ReadOnlySpan<byte> answer)
    {
        while (true)
        {
            var end = answer.IndexOf((byte)'\n');
            if (end < 0)
            {
                return null;
            }

            var line = answer[..end].TrimEnd((byte)'\r');
            if (line.Length < 3 || !int.TryParse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                return new CheckResult(CheckStatus.Layer7Invalid, 0, Text(line));
            }

            if (line.Length == 3 || line[3] != (byte)'-')
            {
                return new CheckResult(code / 100 == 2 ? CheckStatus.Layer7Passed : CheckStatus.Layer7WrongStatus, code, Text(line[Math.Min(4, line.Length)..]));
            }

            answer = answer[(end + 1)..];
        }
    }

    /// <summary>An answer to the bind is a sequence with the number of the question, and the code of the result. RFC 4511 §4.2.2.</summary>
    private static CheckResult? LdapBind(ReadOnlySpan<byte> answer)
    {
        if (answer[0] != 0x30)
        {
            return new CheckResult(CheckStatus.Layer7Invalid, 0, "Not LDAPv3 protocol");
        }

        var at = 1;
        if (!TrySkipLength(answer, ref at) || answer.Length < at + 4)
        {
            return null;
        }

        if (!answer.Slice(at, 3).SequenceEqual<byte>([0x02, 0x01, 0x01]) || answer[at + 3] != 0x61)
        {
            return new CheckResult(CheckStatus.Layer7Invalid, 0, "Not LDAPv3 protocol");
        }

        at += 4;
        if (!TrySkipLength(answer, ref at) || answer.Length < at + 3)
        {
            return null;
        }

        var code = answer[at + 2];
        return code == 0
            ? new CheckResult(CheckStatus.Layer7Passed, 0, "Success")
            : new CheckResult(CheckStatus.Layer7WrongStatus, code, "See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9");
    }

    private static bool TrySkipLength(ReadOnlySpan<byte> answer, ref int at)
    {
        if (answer.Length <= at)
        {
            return false;
        }

        at += 1 + (answer[at] < 0x80 ? 0 : answer[at] & 0x7F);
        return answer.Length >= at;
    }

    private static string PostgreSqlError(ReadOnlySpan<byte> answer)
    {
        var fields = Encoding.UTF8.GetString(answer[5..]).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return CheckText.Of(Array.Find(fields, static f => f[0] == 'M')?[1..] ?? "PostgreSQL unknown error");
    }

    /// <summary>The first packet: a greeting with the version, or an error.</summary>
    private static CheckResult? MySqlGreeting(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < 5 || answer.Length < 4 + PacketLength(answer))
        {
            return null;
        }

        if (answer[4] == 0xFF)
        {
            return MySqlError(answer);
        }

        var version = answer[5..];
        var end = version.IndexOf((byte)0);
        return answer[4] is 9 or 10 && end > 0
            ? new CheckResult(CheckStatus.Layer7Passed, 0, Text(version[..end]))
            : new CheckResult(CheckStatus.Layer7Invalid, 0, NoMySql);
    }

    /// <summary>What follows the login: an OK packet, or an error.</summary>
    private static CheckResult? MySqlLogin(ReadOnlySpan<byte> answer) =>
        answer.Length < 5 || answer.Length < 4 + PacketLength(answer) ? null
        : answer[4] == 0xFF ? MySqlError(answer)
        : new CheckResult(CheckStatus.Layer7Passed, 0, "MySQL server is ok");

    private static int PacketLength(ReadOnlySpan<byte> packet) => packet[0] | (packet[1] << 8) | (packet[2] << 16);

    private static CheckResult MySqlError(ReadOnlySpan<byte> answer) => answer.Length < 7
        ? new CheckResult(CheckStatus.Layer7Invalid, 0, NoMySql)
        : new CheckResult(CheckStatus.Layer7WrongStatus, answer[5] | (answer[6] << 8), Text(answer[7..]));

    /// <summary>A login without a password, and the end of the connection.</summary>
    private static byte[] Login(string user)
    {
        // Long password, protocol 4.1, transactions, secure connection: what every server since 4.1 takes.
        byte[] payload = [0x01, 0xA2, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 33, .. new byte[23], .. Encoding.UTF8.GetBytes(user), 0, 0];
        return [.. Packet(payload, 1), .. Packet([1], 0)];
    }

    private static byte[] OldLogin(string user)
    {
        byte[] payload = [0x01, 0x20, 0x00, 0x00, 0x01, .. Encoding.UTF8.GetBytes(user), 0, 0];
        return [.. Packet(payload, 1), .. Packet([1], 0)];
    }

    private static byte[] Packet(byte[] payload, byte number) => [(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), number, .. payload];
}
