using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads where a redirect leads.</summary>
internal static class RedirectWords
{
    private static readonly string[] Options =
        ["code", "drop-query", "append-slash", "keep-query", "ignore-empty", "set-cookie", "set-cookie-fmt", "clear-cookie"];

    /// <summary>Reads the destination and the options, in any order.</summary>
    /// <param name="a">The arguments.</param>
    /// <param name="literal">Whether texts are as they stand, as in the statement of a section; formats otherwise.</param>
    /// <exception cref="RuleFaultException">It is no redirect.</exception>
    public static RedirectOptions Read(ActionArguments a, bool literal)
    {
        RedirectOptions? to = null;
        var options = RedirectOptions.To(ActionArguments.Literal("")); // what is said before the destination
        while (!a.IsAtEnd)
        {
            if (a.Peek is "location" or "prefix" or "scheme")
            {
                to = Destination(a, literal);
            }
            else if (to is null && !Options.Contains(a.Peek))
            {
                break;
            }
            else
            {
                options = Option(a, options, literal);
            }
        }

        return to is null
            ? throw new RuleFaultException("redirection type expected ('prefix', 'location', or 'scheme')")
            : to with
            {
                Status = options.Status,
                DropQuery = options.DropQuery,
                AppendSlash = options.AppendSlash,
                KeepQuery = options.KeepQuery,
                IgnoreEmpty = options.IgnoreEmpty,
                Cookie = options.Cookie,
                ClearCookie = options.ClearCookie,
            };
    }

    private static RedirectOptions Destination(ActionArguments a, bool literal)
    {
        var kind = a.Peek;
        if (a.List == RuleLists.Response && kind != "location")
        {
            throw new RuleFaultException("response only supports redirect type 'location'");
        }

        a.Take(kind);
        var destination = Text(a, literal);
        return kind switch
        {
            "location" => RedirectOptions.To(destination),
            "prefix" => RedirectOptions.Prefix(destination),
            _ => RedirectOptions.Scheme(destination),
        };
    }

    private static RedirectOptions Option(ActionArguments a, RedirectOptions options, bool literal)
    {
        switch (a.Take("an option"))
        {
            case "code":
                var code = a.Take("<code>");
                return int.TryParse(code, out var status) && status is 301 or 302 or 303 or 307 or 308
                    ? options with { Status = status }
                    : throw a.Wrong($"unsupported HTTP code '{code}' (must be one of 301, 302, 303, 307 or 308)");
            case "drop-query":
                return options with { DropQuery = true };
            case "append-slash":
                return options with { AppendSlash = true };
            case "keep-query":
                return options with { KeepQuery = true };
            case "ignore-empty":
                return options with { IgnoreEmpty = true };
            case "set-cookie":
                // Of several options about cookies the last one counts.
                return options with { Cookie = ActionArguments.Literal(a.Take("<cookie>")), ClearCookie = null };
            case "set-cookie-fmt":
                return options with { Cookie = literal ? ActionArguments.Literal(a.Take("<cookie>")) : a.TakeFormat(), ClearCookie = null };
            case "clear-cookie":
                return options with { ClearCookie = a.Take("<cookie>").TrimEnd('='), Cookie = null };
            case var other:
                throw a.Wrong(
                    "expects 'code', 'prefix', 'location', 'scheme', 'set-cookie', 'clear-cookie', 'drop-query', 'keep-query', 'ignore-empty' or "
                    + $"'append-slash' (was '{other}')");
        }
    }

    private static Expression Text(ActionArguments a, bool literal) => literal ? ActionArguments.Literal(a.Take("<destination>")) : a.TakeFormat();
}
