using System.Buffers;

namespace ProxyKit.Rules;

/// <summary>Refuses arguments that no request could ever match, and says how to write what was meant.</summary>
internal static class MatchArgument
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"); // RFC 9110 §5.6.2

    public static void ThrowIfNone(string[] values, string parameter)
    {
        ArgumentNullException.ThrowIfNull(values, parameter);
        if (values.Length == 0)
        {
            throw new ArgumentException("At least one is needed.", parameter);
        }
    }

    public static void ThrowIfNotOfValue(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"'{text}' is no value to match: visible ASCII characters and blanks are compared.", parameter);
        }
    }

    /// <param name="value">The argument.</param>
    /// <param name="parameter">The name of the user's parameter.</param>
    /// <param name="ends">The characters that a value ends before.</param>
    public static void ThrowIfNoValue(string value, string parameter, string ends = "")
    {
        ThrowIfNotOfValue(value, parameter);
        if (value.AsSpan().ContainsAny(ends) || value.StartsWith(' ') || value.EndsWith(' '))
        {
            throw new ArgumentException(
                $"'{value}' is no value to match: it would end earlier, or the blanks around it are no part of it.", parameter);
        }
    }

    public static void ThrowIfNoToken(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            throw new ArgumentException($"'{name}' is no name: it has characters that names are never sent with.", parameter);
        }
    }

    public static void ThrowIfNoPath(string path, string parameter)
    {
        ThrowIfNotOfPath(path, parameter);
        if (path[0] != '/')
        {
            throw new ArgumentException($"'{path}' is no path to match: it must begin with a slash.", parameter);
        }
    }

    public static void ThrowIfNotOfPath(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (text.AsSpan().ContainsAny('?', '#'))
        {
            throw new ArgumentException($"'{text}' is no path to match: it ends before the query, which Match.Query is for.", parameter);
        }

        ThrowIfNeverSent(text, parameter);
    }

    public static void ThrowIfNotOfQuery(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.AsSpan().ContainsAny('&', '=', '#'))
        {
            throw new ArgumentException($"'{name}' is no parameter's name: it would end before the & or =.", parameter);
        }

        ThrowIfNeverSent(name, parameter);
    }

    private static void ThrowIfNeverSent(string text, string parameter)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException(
                $"'{text}' cannot stand in a request's target: write it as it is sent, percent-encoded ({Uri.EscapeDataString(text)}).",
                parameter);
        }
    }
}
