using System.Buffers;

namespace ProxyKit.Rules.Formats;

/// <summary>Ways to write bytes that somebody else chose into a text that has rules of its own.</summary>
internal static class FormatText
{
    private static readonly SearchValues<byte> SafeInLogs = SearchValues.Create(Visible("#\""));
    private static readonly SearchValues<byte> SafeInCaptures = SearchValues.Create(Visible("#\"{|}"));
    private static readonly SearchValues<byte> SafeInEscapedLogs = SearchValues.Create(Visible("#\"\\]"));
    private static readonly SearchValues<byte> SafeInEscapedCaptures = SearchValues.Create(Visible("#\"{|}\\]"));
    private static readonly SearchValues<byte> SafeInHeaders = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Where(static b => b is '\t' or (>= ' ' and not 0x7F)).Select(static b => (byte)b)]);

    private static readonly SearchValues<byte> SafeInEscaped = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Where(static b => b is >= ' ' and not (0x7F or '"' or '\\' or ']')).Select(static b => (byte)b)]);

    /// <summary>Whether nothing of it has to be changed for a header field.</summary>
    public static bool IsSafeInHeader(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(SafeInHeaders);

    /// <summary>What is unsafe in a log becomes <c>#</c> and two digits. Where that is asked for a backslash goes before backslashes and closing
    /// brackets.</summary>
    public static void AppendLogged(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> bytes, bool escapes) =>
        AppendCoded(ref buffer, bytes, escapes ? SafeInEscapedLogs : SafeInLogs, (byte)'#', escapes);

    /// <summary>As in logs, and the signs that hold captured headers together with it.</summary>
    public static void AppendCaptured(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> bytes, bool escapes) =>
        AppendCoded(ref buffer, bytes, escapes ? SafeInEscapedCaptures : SafeInCaptures, (byte)'#', escapes);

    /// <summary>What must not stand in a header field becomes <c>%</c> and two digits.</summary>
    public static void AppendHeader(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> bytes) =>
        AppendCoded(ref buffer, bytes, SafeInHeaders, (byte)'%', escapes: false);

    /// <summary>A backslash goes before quotes, backslashes and closing brackets; control bytes, which could end a line, become a sign and two
    /// digits.</summary>
    public static void AppendEscaped(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> bytes, byte sign)
    {
        while (true)
        {
            var safe = bytes.IndexOfAnyExcept(SafeInEscaped);
            buffer.Append(safe < 0 ? bytes : bytes[..safe]);
            if (safe < 0)
            {
                return;
            }

            var value = bytes[safe];
            if (value is (byte)'"' or (byte)'\\' or (byte)']')
            {
                buffer.Append((byte)'\\');
                buffer.Append(value);
            }
            else
            {
                buffer.Append(sign);
                buffer.AppendHex(value);
            }

            bytes = bytes[(safe + 1)..];
        }
    }

    private static void AppendCoded(
        ref FormatBuffer buffer, scoped ReadOnlySpan<byte> bytes, SearchValues<byte> safeValues, byte sign, bool escapes)
    {
        while (true)
        {
            var safe = bytes.IndexOfAnyExcept(safeValues);
            buffer.Append(safe < 0 ? bytes : bytes[..safe]);
            if (safe < 0)
            {
                return;
            }

            var value = bytes[safe];
            if (escapes && value is ((byte)'\\' or (byte)']'))
            {
                buffer.Append((byte)'\\');
                buffer.Append(value);
            }
            else
            {
                buffer.Append(sign);
                buffer.AppendHex(value);
            }

            bytes = bytes[(safe + 1)..];
        }
    }

    private static byte[] Visible(string without) =>
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Where(b => !without.Contains((char)b, StringComparison.Ordinal)).Select(static b => (byte)b)];
}
