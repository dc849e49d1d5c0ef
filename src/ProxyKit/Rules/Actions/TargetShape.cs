using System.Buffers;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Rules.Actions;

/// <summary>What form a target has that a rule made, and where its parts are.</summary>
internal readonly record struct TargetShape(TargetForm Form, Range Path, Range Query, Range Authority)
{
    // What would end the target, or the line. Everything else that rules write is passed on, as in HAProxy.
    private static readonly SearchValues<byte> Breaks = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(static b => (byte)b), 0x7F]);

    /// <summary>Takes a target to pieces.</summary>
    /// <param name="target">The target.</param>
    /// <param name="isOfConnect">Whether what is no other form is an authority.</param>
    public static TargetShape Of(ReadOnlySpan<byte> target, bool isOfConnect)
    {
        var end = target.Length;
        var pathStart = 0;
        var authority = new Range(0, 0);
        TargetForm form;
        if (target.IsEmpty || target[0] == '/')
        {
            form = TargetForm.Origin;
        }
        else if (target[0] == '*')
        {
            return new(TargetForm.Asterisk, new Range(0, end), new Range(end, end), authority);
        }
        else if (target.IndexOf("://"u8) is > 0 and var scheme && target[..scheme].IndexOfAny((byte)'/', (byte)'?') < 0)
        {
            form = TargetForm.Absolute;
            var start = scheme + 3;
            var length = target[start..].IndexOfAny((byte)'/', (byte)'?');
            pathStart = length < 0 ? end : start + length;
            start += target[start..pathStart].IndexOf((byte)'@') + 1; // user information is no part of the host
            authority = new Range(start, pathStart);
        }
        else if (isOfConnect)
        {
            return new(TargetForm.Authority, new Range(end, end), new Range(end, end), new Range(0, end));
        }
        else
        {
            form = TargetForm.Origin; // a path that lacks its slash: the rule's own doing
        }

        var question = target[pathStart..].IndexOf((byte)'?');
        var pathEnd = question < 0 ? end : pathStart + question;
        return new(form, new Range(pathStart, pathEnd), new Range(Math.Min(pathEnd + 1, end), end), authority);
    }

    /// <summary>Whether a target of this shape has one reading for whoever gets it: it is there, ends where its line says, and a host in it
    /// is one.</summary>
    public bool IsClear(ReadOnlySpan<byte> target) => !target.IsEmpty && !target.ContainsAny(Breaks) && Form switch
    {
        TargetForm.Absolute => HasScheme(target) && HasHost(target),
        TargetForm.Authority => HasHost(target),
        _ => true,
    };

    /// <summary>Whether the parts in front of the path are those of a request's target as it is: neither its form nor its host are others.
    /// A path for the whole server makes a plain target.</summary>
    public bool KeepsHostOf(RequestHead request)
    {
        if (Form != TargetForm.Absolute)
        {
            return Form == request.Form || (Form == TargetForm.Origin && request.Form == TargetForm.Asterisk);
        }

        var origin = request.TargetRange.Start.Value;
        return request.Form == TargetForm.Absolute
            && Path.Start.Value == request.PathRange.Start.Value - origin
            && Authority.Start.Value == request.AuthorityRange.Start.Value - origin;
    }

    private static bool HasScheme(ReadOnlySpan<byte> target) =>
        char.IsAsciiLetter((char)target[0]) && !target[..target.IndexOf((byte)':')].ContainsAnyExcept(Octets.Scheme);

    private bool HasHost(ReadOnlySpan<byte> target) => Http1.Authority.TryParse(target[Authority], out var authority) && authority.Length > 0;
}
