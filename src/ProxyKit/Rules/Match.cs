using System.Runtime.CompilerServices;
using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Http;
using ProxyKit.Rules;

namespace ProxyKit;

/// <summary>
/// Makes the conditions that rules and routes ask: <c>Match.Host("api.example") &amp; Match.Path("/cart/*")</c>.
/// </summary>
/// <remarks>
/// <para>Conditions see the request as it came, edits of earlier rules included: nothing is decoded, and neither <c>//</c> nor <c>/../</c>
/// is resolved. <c>/%69nternal</c> and <c>//internal</c> are therefore not <c>/internal</c> here, though a server behind may take them
/// for it; do not rest a refusal on a path alone, see docs/routing.md.</para>
/// <para>Arguments are plain ASCII text and are checked at the call; a faulty one throws an <see cref="ArgumentException"/>.</para>
/// </remarks>
public static partial class Match
{
    /// <summary>Holds for every exchange.</summary>
    public static Condition Always { get; } = new PredicateCondition("always", static _ => true, holdsWithout: true) { Description = Call([]) };

    /// <summary>Holds for clients that came over TLS; HAProxy: <c>ssl_fc</c>.</summary>
    public static Condition Secure { get; } = new PredicateCondition("client came over TLS", static exchange => exchange.IsSecure)
    {
        Description = Call([]),
    };

    /// <summary>Holds when a predicate does. It runs for each exchange that the rule is asked about, on the data path: keep it short,
    /// and safe to run on several threads at once. Should it throw, that exchange ends with 500.</summary>
    /// <param name="predicate">The predicate.</param>
    /// <returns>The condition.</returns>
    public static Condition When(Func<HttpExchange, bool> predicate) => When("a predicate holds", predicate);

    /// <inheritdoc cref="When(Func{HttpExchange, bool})"/>
    /// <param name="name">What to call it in logs and messages, as in "client is a crawler".</param>
    /// <param name="predicate">The predicate.</param>
    public static Condition When(string name, Func<HttpExchange, bool> predicate)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(predicate);
        return new PredicateCondition(name, predicate);
    }

    /// <summary>Holds for requests with one of the methods. Methods are compared with case, and GET is GET alone: HAProxy's predefined
    /// <c>METH_GET</c> includes HEAD.</summary>
    /// <param name="methods">The methods; at least one.</param>
    /// <returns>The condition.</returns>
    public static Condition Method(params string[] methods)
    {
        MatchArgument.ThrowIfNone(methods, nameof(methods));
        foreach (var method in methods)
        {
            MatchArgument.ThrowIfNoToken(method, nameof(methods));
            var upper = method.ToUpperInvariant();
            if (upper != method && RequestMethods.Parse(Encoding.ASCII.GetBytes(upper)) != RequestMethod.Other)
            {
                throw new ArgumentException($"'{method}' is no method that clients send: case counts, write {upper}.", nameof(methods));
            }
        }

        return new MethodCondition([.. methods]) { Description = Call([.. methods]) };
    }

    /// <summary>Holds for requests to one of the hosts, by the name in the Host field (or the target's authority), whatever its case,
    /// port and trailing dot. Names are compared whole, never by a part: HAProxy's <c>-m dom</c>, which finds <c>api.example</c>
    /// in <c>api.example.evil.net</c>, has no equal here.</summary>
    /// <param name="hosts">The hosts; at least one. <c>api.example</c> is that name; <c>*.example.com</c> is every name below
    /// <c>example.com</c>, however many labels deep, but not that name itself; <c>*</c> is any, or none.</param>
    /// <returns>The condition.</returns>
    public static Condition Host(params string[] hosts)
    {
        MatchArgument.ThrowIfNone(hosts, nameof(hosts));
        HostPattern[] patterns = [.. hosts.Where(host => host != "*").Select(host => HostPattern.Parse(host, nameof(hosts)))];
        return patterns.Length == hosts.Length ? new HostCondition(patterns) { Description = Call([.. hosts]) } : Always;
    }

    /// <summary>Holds for requests to hosts whose name ends with one of the suffixes and has something before it:
    /// <c>HostSuffix(".example.com")</c> is <c>Host("*.example.com")</c>.</summary>
    /// <param name="suffixes">The suffixes; at least one, each with a dot in front, since <c>example.com</c> would also be the end of
    /// <c>notexample.com</c>.</param>
    /// <returns>The condition.</returns>
    public static Condition HostSuffix(params string[] suffixes)
    {
        MatchArgument.ThrowIfNone(suffixes, nameof(suffixes));
        return new HostCondition([.. suffixes.Select(suffix => suffix?.StartsWith('.') == true
            ? HostPattern.Parse("*" + suffix, nameof(suffixes))
            : throw new ArgumentException($"'{suffix}' is no host suffix: it must begin with a dot.", nameof(suffixes)))])
        {
            Description = Call([.. suffixes]),
        };
    }

    /// <summary>Holds for requests with a path, or with one of all paths under it.</summary>
    /// <param name="path"><c>/cart</c> is that path. <c>/cart/*</c> is <c>/cart</c> and everything that continues it with a slash, so
    /// <c>/cart/</c> and <c>/cart/1</c> but not <c>/cartography</c>. <c>/*</c> is every path.</param>
    /// <param name="ignoreCase">Whether the case of letters does not matter. By default it does, as it does to most servers.</param>
    /// <returns>The condition.</returns>
    public static Condition Path(string path, bool ignoreCase = false)
    {
        MatchArgument.ThrowIfNoPath(path, nameof(path));
        var literal = path.EndsWith("/*", StringComparison.Ordinal) ? path[..^2] : path;
        if (literal.Contains('*'))
        {
            throw new ArgumentException(
                $"'{path}' is no path to match: a * is the whole last segment. PathPrefix, PathPattern and PathRegex say more.",
                nameof(path));
        }

        var relation = literal.Length == path.Length ? TextRelation.Is : TextRelation.IsUnder;
        return new PathCondition(new LiteralPattern(relation, literal, ignoreCase)) { Description = Call([path, ignoreCase]) };
    }

    /// <summary>Holds for requests whose path begins with a text: <c>/cart</c> is also the beginning of <c>/cartography</c>. Use
    /// <see cref="Path"/> with <c>/cart/*</c> for whole segments. HAProxy: <c>path_beg</c>.</summary>
    /// <param name="prefix">The text; begins with a slash.</param>
    /// <param name="ignoreCase">Whether the case of letters does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition PathPrefix(string prefix, bool ignoreCase = false)
    {
        MatchArgument.ThrowIfNoPath(prefix, nameof(prefix));
        return new PathCondition(new LiteralPattern(TextRelation.BeginsWith, prefix, ignoreCase))
        {
            Description = Call([prefix, ignoreCase]),
        };
    }

    /// <summary>Holds for requests whose path ends with a text, as in <c>.jpg</c>. HAProxy: <c>path_end</c>.</summary>
    /// <param name="suffix">The text.</param>
    /// <param name="ignoreCase">Whether the case of letters does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition PathSuffix(string suffix, bool ignoreCase = false)
    {
        MatchArgument.ThrowIfNotOfPath(suffix, nameof(suffix));
        return new PathCondition(new LiteralPattern(TextRelation.EndsWith, suffix, ignoreCase))
        {
            Description = Call([suffix, ignoreCase]),
        };
    }

    /// <summary>Holds for requests in whose path a regular expression is found, anywhere unless it is anchored. HAProxy:
    /// <c>path_reg</c>.</summary>
    /// <param name="pattern">A .NET regular expression without look-around, back-references and atomic groups, so that a search takes
    /// time linear in the path. Bytes beyond ASCII are seen as Latin-1.</param>
    /// <param name="ignoreCase">Whether the case of letters does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition PathRegex(string pattern, bool ignoreCase = false) =>
        new PathCondition(new RegexPattern(pattern, ignoreCase, nameof(pattern))) { Description = Call([pattern, ignoreCase]) };

    /// <summary>Holds for requests whose path has certain segments.</summary>
    /// <param name="pattern">A path such as <c>/users/{id}/orders/{*rest}</c>: <c>{id}</c> is one segment that is not empty;
    /// <c>{*rest}</c>, at the end only, is whatever follows, be it nothing. The names are for the reader.</param>
    /// <param name="ignoreCase">Whether the case of letters in the literal segments does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition PathPattern(string pattern, bool ignoreCase = false)
    {
        MatchArgument.ThrowIfNoPath(pattern, nameof(pattern));
        return new PathCondition(new SegmentPattern(pattern, ignoreCase, nameof(pattern))) { Description = Call([pattern, ignoreCase]) };
    }

    /// <summary>Holds when a header field is there, be its value empty.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <returns>The condition.</returns>
    public static Condition Header(string name) => HeaderThat(name, null, [name]);

    /// <summary>Holds when a header field has a value: as the whole of one of its lines, or as one element of a list with commas. Commas
    /// in quotes do not part elements.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <param name="value">The value, without white space around it.</param>
    /// <param name="ignoreCase">Whether the case of letters in the value does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition Header(string name, string value, bool ignoreCase = false) =>
        HeaderThat(name, Value(value, "", ignoreCase), [name, value, ignoreCase]);

    /// <summary>Holds when a header field has a text somewhere in its value. HAProxy: <c>hdr_sub</c>.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <param name="text">The text; not empty.</param>
    /// <param name="ignoreCase">Whether the case of letters in the text does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition HeaderContains(string name, string text, bool ignoreCase = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        MatchArgument.ThrowIfNotOfValue(text, nameof(text));
        return HeaderThat(name, new LiteralPattern(TextRelation.Contains, text, ignoreCase), [name, text, ignoreCase]);
    }

    /// <summary>Holds when a value of a header field begins with a text: the whole of one of its lines, or one element of a list with
    /// commas. HAProxy: <c>hdr_beg</c>.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <param name="prefix">The text; not empty.</param>
    /// <param name="ignoreCase">Whether the case of letters in the text does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition HeaderPrefix(string name, string prefix, bool ignoreCase = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        MatchArgument.ThrowIfNotOfValue(prefix, nameof(prefix));
        return HeaderThat(name, new LiteralPattern(TextRelation.BeginsWith, prefix, ignoreCase), [name, prefix, ignoreCase]);
    }

    /// <summary>Holds when a regular expression is found in a value of a header field: the whole of one of its lines, or one element of a
    /// list with commas. HAProxy: <c>hdr_reg</c>.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <param name="pattern">The expression; see <see cref="PathRegex"/>.</param>
    /// <param name="ignoreCase">Whether the case of letters does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition HeaderRegex(string name, string pattern, bool ignoreCase = false) =>
        HeaderThat(name, new RegexPattern(pattern, ignoreCase, nameof(pattern)), [name, pattern, ignoreCase]);

    /// <summary>Holds when the query has a parameter, be it without a value. HAProxy: <c>urlp</c>.</summary>
    /// <param name="name">The parameter's name, with case, as it is sent: nothing is decoded.</param>
    /// <returns>The condition.</returns>
    public static Condition Query(string name)
    {
        MatchArgument.ThrowIfNotOfQuery(name, nameof(name));
        return new QueryCondition(name, null) { Description = Call([name]) };
    }

    /// <summary>Holds when the query has a parameter with a value; one of them will do. HAProxy: <c>urlp</c>.</summary>
    /// <param name="name">The parameter's name, with case, as it is sent: nothing is decoded.</param>
    /// <param name="value">The value, as it is sent. Empty for <c>name=</c> and for a bare <c>name</c>.</param>
    /// <param name="ignoreCase">Whether the case of letters in the value does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition Query(string name, string value, bool ignoreCase = false)
    {
        MatchArgument.ThrowIfNotOfQuery(name, nameof(name));
        return new QueryCondition(name, Value(value, "&# ", ignoreCase)) { Description = Call([name, value, ignoreCase]) };
    }

    /// <summary>Holds when the request has a cookie. HAProxy: <c>req.cook</c>.</summary>
    /// <param name="name">The cookie's name, with case.</param>
    /// <returns>The condition.</returns>
    public static Condition Cookie(string name)
    {
        MatchArgument.ThrowIfNoToken(name, nameof(name));
        return new CookieCondition(name, null) { Description = Call([name]) };
    }

    /// <summary>Holds when the request has a cookie with a value; one of several cookies of the name will do. HAProxy:
    /// <c>req.cook</c>.</summary>
    /// <param name="name">The cookie's name, with case.</param>
    /// <param name="value">The value, as it is sent; quotes belong to it.</param>
    /// <param name="ignoreCase">Whether the case of letters in the value does not matter.</param>
    /// <returns>The condition.</returns>
    public static Condition Cookie(string name, string value, bool ignoreCase = false)
    {
        MatchArgument.ThrowIfNoToken(name, nameof(name));
        return new CookieCondition(name, Value(value, ";", ignoreCase)) { Description = Call([name, value, ignoreCase]) };
    }

    /// <summary>Holds for clients from one of the networks; HAProxy: <c>src</c>. An IPv4 client is one whichever way the listener's
    /// socket spells its address, and is in IPv4 networks only: <c>::/0</c> is every IPv6 client. A client on a unix socket is in
    /// none.</summary>
    /// <param name="networks">Networks such as <c>10.0.0.0/8</c> and <c>2001:db8::/32</c>, or addresses; at least one.</param>
    /// <returns>The condition.</returns>
    public static Condition Source(params string[] networks)
    {
        MatchArgument.ThrowIfNone(networks, nameof(networks));
        return new SourceCondition([.. networks], AddressRanges.Parse(networks, nameof(networks))) { Description = Call([.. networks]) };
    }

    private static HeaderCondition HeaderThat(
        string name, BytePattern? value, IReadOnlyList<object?> arguments, [CallerMemberName] string member = "")
    {
        MatchArgument.ThrowIfNoToken(name, nameof(name));
        return new(name, value) { Description = Call(arguments, member) };
    }

    private static Description Call(IReadOnlyList<object?> arguments, [CallerMemberName] string member = "") =>
        new(typeof(Match), member, arguments);

    private static LiteralPattern Value(string value, string ends, bool ignoreCase)
    {
        MatchArgument.ThrowIfNoValue(value, nameof(value), ends);
        return new(TextRelation.Is, value, ignoreCase);
    }
}
