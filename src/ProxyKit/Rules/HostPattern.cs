using System.Buffers;
using System.Text;

namespace ProxyKit.Rules;

/// <summary>A host name to match, or <c>*.</c> and the domain below which names match.</summary>
/// <param name="Text">The pattern in lower case, without a trailing dot: <c>api.example</c> or <c>*.example.com</c>.</param>
internal sealed record HostPattern(string Text)
{
    private const int MaxLength = 253; // RFC 1035 §2.3.4, less the root's own length byte and dot

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("abcdef0123456789:.");

    public bool IsWildcard => Text[0] == '*';

    /// <summary>What a name must be, or end in with something before it.</summary>
    public byte[] Bytes => Encoding.ASCII.GetBytes(IsWildcard ? Text[1..] : Text);

    /// <summary>Reads a pattern from the user, or says what is wrong with it.</summary>
    public static HostPattern Parse(string? pattern, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern, parameter);
        var text = ToLower(pattern);
        if (text.EndsWith('.'))
        {
            text = text[..^1];
        }

        return FaultOf(text) is { } fault
            ? throw new ArgumentException($"'{pattern}' is no host to match: {fault}", parameter)
            : new(text);
    }

    /// <summary>The name in the host that a client asked for: without port and trailing dot, in whatever case it came.</summary>
    public static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> host)
    {
        var colon = host.LastIndexOf((byte)':');
        if (colon >= 0 && !host[(colon + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            host = host[..colon];
        }

        return host.Length > 0 && host[^1] == '.' ? host[..^1] : host;
    }

    private static string? FaultOf(string text)
    {
        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            return text.AsSpan(1, text.Length - 2).ContainsAnyExcept(AddressCharacters) ? "its brackets hold no IPv6 address." : null;
        }

        if (text.Contains(':'))
        {
            return "ports are not compared, so it must not have one; an IPv6 address stands in brackets.";
        }

        if (!Ascii.IsValid(text))
        {
            return "write an international name as it is sent, in its xn-- form.";
        }

        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        return name switch
        {
            _ when name.Contains('*') => "a * may stand alone, or for the labels in front as in *.example.com.",
            _ when name.ContainsAnyExcept(NameCharacters) => "a name has letters, digits, hyphens and dots.",
            _ when name.IsEmpty || name[0] == '.' || name.IndexOf("..", StringComparison.Ordinal) >= 0 => "it has an empty label.",
            { Length: > MaxLength } => $"a name has at most {MaxLength} characters.",
            _ => null,
        };
    }

    // The names are ASCII, and lower case is how our keys are kept.
    private static string ToLower(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        }
    });
}
