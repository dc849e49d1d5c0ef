using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Tells the four forms of a request target apart and takes them to pieces (RFC 9112 §3.2).</summary>
internal static class RequestTarget
{
    /// <summary>Reads the target, which reaches from <paramref name="start"/> to the end of <paramref name="line"/>.</summary>
    public static Refusal? Read(RequestHead head, ReadOnlySpan<byte> line, int start)
    {
        var end = line.Length;
        head.TargetRange = new Range(start, end);
        if (head.Method == RequestMethod.Connect)
        {
            return ReadAuthorityForm(head, line[start..], start);
        }

        if (line[start] == '/')
        {
            head.Form = TargetForm.Origin;
            var question = line[start..].IndexOf((byte)'?');
            var pathEnd = question < 0 ? end : start + question;
            head.PathRange = new Range(start, pathEnd);
            head.QueryRange = new Range(question < 0 ? end : pathEnd + 1, end);
            return null;
        }

        if (line[start] == '*')
        {
            head.Form = TargetForm.Asterisk;
            head.PathRange = head.TargetRange;
            head.QueryRange = new Range(end, end);
            return end - start == 1 && head.Method == RequestMethod.Options ? null : Refusal.TargetForm;
        }

        return ReadAbsoluteForm(head, line[start..], start);
    }

    /// <summary>The scheme of an absolute target; empty for the other forms.</summary>
    public static ReadOnlySpan<byte> Scheme(RequestHead head) =>
        head.Form == TargetForm.Absolute ? head.TargetBytes[..head.TargetBytes.IndexOf((byte)':')] : [];

    private static Refusal? ReadAuthorityForm(RequestHead head, ReadOnlySpan<byte> target, int start)
    {
        var end = start + target.Length;
        head.Form = TargetForm.Authority;
        head.AuthorityRange = head.TargetRange;
        head.PathRange = head.QueryRange = new Range(end, end);
        if (target.ContainsAny((byte)'/', (byte)'?'))
        {
            return Refusal.TargetForm;
        }

        // RFC 9110 §9.3.6: the port is not optional.
        return Authority.TryParse(target, out var authority) && authority.Port.Length > 0 ? null : Refusal.TargetAuthority;
    }

    private static Refusal? ReadAbsoluteForm(RequestHead head, ReadOnlySpan<byte> target, int start)
    {
        head.Form = TargetForm.Absolute;
        var schemeLength = target.IndexOf("://"u8);
        if (schemeLength <= 0 || !char.IsAsciiLetter((char)target[0]) || target[..schemeLength].ContainsAnyExcept(Octets.Scheme))
        {
            return Refusal.TargetForm;
        }

        var authorityStart = schemeLength + 3;
        var authorityLength = target[authorityStart..].IndexOfAny((byte)'/', (byte)'?');
        var authorityEnd = authorityLength < 0 ? target.Length : authorityStart + authorityLength;
        authorityStart += target[authorityStart..authorityEnd].IndexOf((byte)'@') + 1; // user information is no part of the host
        if (!Authority.TryParse(target[authorityStart..authorityEnd], out var authority) || authority.Length == 0)
        {
            return Refusal.TargetAuthority; // RFC 9110 §4.2.1: an empty host is invalid
        }

        var question = target[authorityEnd..].IndexOf((byte)'?');
        var pathEnd = question < 0 ? target.Length : authorityEnd + question;
        var normalizedEnd = authorityStart + authority.NormalizedLength(target[..schemeLength]);

        // RFC 9110 §4.2.3: an empty path is "/", but that of OPTIONS says "*" (RFC 9112 §3.2.4).
        var addsSlash = pathEnd == authorityEnd && !(head.Method == RequestMethod.Options && question < 0);
        if (addsSlash || normalizedEnd != authorityEnd)
        {
            byte[] rewritten = [.. target[..normalizedEnd], .. addsSlash ? "/"u8 : [], .. target[authorityEnd..]];
            var moved = rewritten.Length - target.Length;
            var rest = question < 0 ? rewritten.Length : pathEnd + moved + 1;
            head.RewriteTarget(
                rewritten,
                path: new Range(normalizedEnd, pathEnd + moved),
                query: new Range(rest, rewritten.Length),
                authority: new Range(authorityStart, normalizedEnd));
            return null;
        }

        head.AuthorityRange = new Range(start + authorityStart, start + authorityEnd);
        head.PathRange = new Range(start + authorityEnd, start + pathEnd);
        head.QueryRange = new Range(start + (question < 0 ? target.Length : pathEnd + 1), start + target.Length);
        return null;
    }
}
