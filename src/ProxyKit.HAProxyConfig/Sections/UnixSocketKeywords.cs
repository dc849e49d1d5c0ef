using System.Globalization;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Who may connect to unix sockets: the parameters of <c>bind</c>, and what <c>unix-bind</c> says of all of them. Of other addresses they say
/// nothing, as in HAProxy.</summary>
internal static class UnixSocketKeywords
{
    private const int MostPermissions = 0xFFF; // octal 7777

    private static readonly (string Name, string Arguments, Func<string, UnixSocketSettings, string?> Set)[] Parameters =
    [
        ("mode", "<mode>", SetMode),
        ("user", "<user>", static (text, unix) => Set(text, name => unix.User = name)),
        ("uid", "<uid>", static (text, unix) => SetNumber(text, number => unix.User = number)),
        ("group", "<group>", static (text, unix) => Set(text, name => unix.Group = name)),
        ("gid", "<gid>", static (text, unix) => SetNumber(text, number => unix.Group = number)),
    ];

    public static IEnumerable<Keyword> OfBind => Parameters.Select(static p => Keyword.Runs(p.Name, Section.Bind, p.Arguments, s =>
    {
        if (p.Set(s[0], s.Bind.Unix) is { } fault)
        {
            s.Alert(0, $"'{s.Name}' : {fault}.");
        }
    }));

    public static Keyword OfGlobal => Keyword.Runs(
        "unix-bind", Section.Global, "{prefix|mode|user|uid|group|gid} <value> ...", static s =>
        {
            for (var i = 0; i < s.Count; i += 2)
            {
                if (i + 1 == s.Count)
                {
                    s.Alert(i, $"'{s.Name} {s[i]}' expects a value.");
                }
                else if (s[i] == "prefix")
                {
                    s.Model.Global.Unix.Prefix = s[i + 1];
                }
                else if (Array.Find(Parameters, p => p.Name == s[i]) is not { Name: not null } parameter)
                {
                    s.Alert(i, $"'{s.Name}' only supports 'prefix', 'mode', 'user', 'uid', 'group', 'gid' (got '{s[i]}').");
                }
                else if (parameter.Set(s[i + 1], s.Model.Global.Unix) is { } fault)
                {
                    s.Alert(i + 1, $"'{s.Name} {s[i]}' : {fault}.");
                }
            }
        });

    private static string? SetMode(string text, UnixSocketSettings unix)
    {
        var mode = 0;
        foreach (var digit in text)
        {
            mode = digit is >= '0' and <= '7' && mode <= MostPermissions ? (mode * 8) + (digit - '0') : int.MaxValue;
        }

        if (text.Length == 0 || mode > MostPermissions)
        {
            return $"expects permissions in octal, as 660 (got '{text}')";
        }

        unix.Mode = (UnixFileMode)mode;
        return null;
    }

    private static string? Set(string name, Action<string> set)
    {
        if (name.Length == 0)
        {
            return "expects a name";
        }

        set(name);
        return null;
    }

    private static string? SetNumber(string text, Action<string> set)
    {
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return $"expects a number (got '{text}')";
        }

        set(text);
        return null;
    }
}
