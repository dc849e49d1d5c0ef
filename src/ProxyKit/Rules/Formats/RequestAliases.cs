using ProxyKit.Rules.Captures;

namespace ProxyKit.Rules.Formats;

/// <summary>What the client has asked for, as it came: rewrites do not change it.</summary>
internal static class RequestAliases
{
    private const int MaxLineBytes = 1023; // HAProxy: tune.http.logurilen, 1024, less one

    public static readonly FormatAlias[] All =
    [
        new("r", static (scoped in f, ref w) => Line(f, ref w)) { NeedsHttp = true },
        new("HM", static (scoped in f, ref w) => Part(f, ref w, Method(f.Record.RequestLine))) { NeedsHttp = true },
        new("HV", static (scoped in f, ref w) => Part(f, ref w, Version(f.Record.RequestLine))) { NeedsHttp = true },
        new("HU", static (scoped in f, ref w) => Part(f, ref w, Target(f.Record.RequestLine))) { NeedsHttp = true },
        new("HP", static (scoped in f, ref w) => Part(f, ref w, Path(f.Record.RequestLine))) { NeedsHttp = true },
        new("HPO", static (scoped in f, ref w) => Part(f, ref w, PathOnly(f.Record.RequestLine))) { NeedsHttp = true },
        new("HQ", static (scoped in f, ref w) =>
            Part(f, ref w, Target(f.Record.RequestLine)[Path(f.Record.RequestLine).Length..])) { NeedsHttp = true },
        new("ID", static (scoped in f, ref w) =>
            w.Text(f.Context.Frontend?.UniqueId is { } id ? id.For(f.Context) : default)),
        new("CC", static (scoped in f, ref w) => Cookie(f, ref w, KeptText.RequestCookie)) { NeedsHttp = true },
        new("CS", static (scoped in f, ref w) => Cookie(f, ref w, KeptText.ResponseCookie)) { NeedsHttp = true },
    ];

    private static void Line(scoped in FormatFacts facts, ref FormatWriter writer) =>
        Part(facts, ref writer, Cut(facts.Record.RequestLine));

    private static void Part(scoped in FormatFacts facts, ref FormatWriter writer, scoped ReadOnlySpan<byte> part) =>
        writer.Text(facts.Record.RequestLine.IsEmpty ? "<BADREQ>"u8 : part, TextKind.Part);

    private static void Cookie(scoped in FormatFacts facts, ref FormatWriter writer, int place)
    {
        facts.Context.KeptTexts.TryGet(place, out var cookie);
        writer.Text(cookie, TextKind.Line);
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> line) => line[..Math.Min(line.Length, MaxLineBytes)];

    private static int MethodEnd(ReadOnlySpan<byte> line) => line.IndexOf((byte)' ') is >= 0 and var end ? end : line.Length;

    private static ReadOnlySpan<byte> Method(ReadOnlySpan<byte> line) => line[..MethodEnd(line)];

    private static ReadOnlySpan<byte> Version(ReadOnlySpan<byte> line)
    {
        var start = line.LastIndexOf((byte)' ') + 1;
        return start > MethodEnd(line) + 1 ? line[start..] : default;
    }

    /// <summary>The target, as far as the logged line has it.</summary>
    private static ReadOnlySpan<byte> Target(ReadOnlySpan<byte> line)
    {
        var start = Math.Min(line.Length, MethodEnd(line) + 1);
        var version = Version(line).Length;
        var end = version == 0 ? line.Length : line.Length - version - 1;
        return line[start..Math.Max(start, Math.Min(end, MaxLineBytes))].Trim((byte)' ');
    }

    private static ReadOnlySpan<byte> Path(ReadOnlySpan<byte> line)
    {
        var target = Target(line);
        return target.IndexOf((byte)'?') is >= 0 and var end ? target[..end] : target;
    }

    private static ReadOnlySpan<byte> PathOnly(ReadOnlySpan<byte> line)
    {
        var path = Path(line);
        if (path.StartsWith("/"u8))
        {
            return path;
        }

        var authority = path.IndexOf("://"u8);
        if (authority < 0)
        {
            return default; // an asterisk, or the authority alone
        }

        var behind = path[(authority + 3)..];
        return behind.IndexOf((byte)'/') is >= 0 and var start ? behind[start..] : default;
    }
}
