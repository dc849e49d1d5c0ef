using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <content>Conditions over values, and conditions in the words of HAProxy's configuration language.</content>
public static partial class Match
{
    /// <summary>Holds when a value matches one of some patterns; where it has several, as fields of a list do, when one of them does.
    /// HAProxy: <c>acl</c>.</summary>
    /// <param name="value">The value, from <see cref="ProxyKit.Value"/>.</param>
    /// <param name="patterns">The patterns: texts to equal, numbers and ranges such as <c>5:9</c>, networks, as suits the value; none for a
    /// value that is true or false.</param>
    /// <returns>The condition. It does not hold where there is no value.</returns>
    /// <exception cref="RuleFaultException">The value cannot be compared so, or a pattern is none.</exception>
    public static Condition That(Expression value, params string[] patterns) => That(value, new MatchOptions(), patterns);

    /// <summary>Holds when a value matches one of some patterns, compared as the options say. HAProxy: <c>acl</c> with flags.</summary>
    /// <param name="value">The value, from <see cref="ProxyKit.Value"/>.</param>
    /// <param name="options">How to compare, and files with more patterns.</param>
    /// <param name="patterns">The patterns.</param>
    /// <returns>The condition. It does not hold where there is no value.</returns>
    /// <exception cref="RuleFaultException">The value cannot be compared so, or a pattern is none.</exception>
    public static Condition That(Expression value, MatchOptions options, params string[] patterns)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(patterns);
        foreach (var pattern in patterns)
        {
            ArgumentNullException.ThrowIfNull(pattern, nameof(patterns));
        }

        return new AclCondition(value, options, patterns);
    }

    /// <summary>Holds when there is a value, be it empty. HAProxy: <c>-m found</c>.</summary>
    /// <param name="value">The value, from <see cref="ProxyKit.Value"/>.</param>
    /// <returns>The condition.</returns>
    public static Condition Found(Expression value) => That(value, new MatchOptions { Method = MatchMethod.Found });

    /// <summary>A condition as HAProxy writes it behind <c>if</c>: <c>{ path_beg /api } !{ src 10.0.0.0/8 } or METH_POST</c>.</summary>
    /// <param name="condition">The text; quotes and backslashes are those of a configuration file.</param>
    /// <param name="language">The keywords it may use; null for those that come with ProxyKit.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="RuleFaultException">It is no condition.</exception>
    public static Condition Parse(string condition, RuleLanguage? language = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Parse(ConditionText.Split(condition), null, language);
    }

    /// <summary>A condition as HAProxy writes it behind <c>if</c>, taken apart into its words. Terms side by side must all hold; <c>or</c>
    /// and <c>||</c> part them into groups of which one must; <c>!</c> turns a term round.</summary>
    /// <param name="words">The words, their quotes and escapes resolved; braces are words of their own.</param>
    /// <param name="acls">Finds the ACLs that were declared, by their names; null, or null from it, leaves those that are predefined.</param>
    /// <param name="language">The keywords it may use; null for those that come with ProxyKit.</param>
    /// <param name="warn">Told what can be put to use but is probably not meant; null to hear nothing.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="RuleFaultException">It is no condition; <see cref="RuleFaultException.Word"/> says where.</exception>
    public static Condition Parse(
        IReadOnlyList<string> words, Func<string, Condition?>? acls, RuleLanguage? language = null, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        return new ConditionParser(acls, language ?? RuleLanguage.Default, warn).Parse(words);
    }

    /// <summary>What HAProxy writes behind the name of an ACL, taken apart into its words: <c>criterion [flags] [operator] patterns</c>, as
    /// in <c>req.hdr(host) -i -m end .example.com</c>. ACLs of the same name are joined with <c>|</c>.</summary>
    /// <param name="words">The words, their quotes and escapes resolved.</param>
    /// <param name="language">The keywords it may use; null for those that come with ProxyKit.</param>
    /// <param name="warn">Told what can be put to use but is probably not meant; null to hear nothing.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="RuleFaultException">It is no ACL.</exception>
    public static Condition ParseAcl(IReadOnlyList<string> words, RuleLanguage? language = null, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        return AclParser.Parse(words, language ?? RuleLanguage.Default, warn);
    }

    /// <summary>A condition that goes by a name in logs and messages, as an ACL of a configuration file does.</summary>
    /// <param name="name">The name.</param>
    /// <param name="condition">The condition.</param>
    /// <returns>The condition, holding whenever the one given does.</returns>
    public static Condition Named(string name, Condition condition)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(condition);
        return new NamedCondition(name, condition);
    }
}
