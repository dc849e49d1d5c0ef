using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Acls;

/// <summary>Reads what stands behind <c>if</c> and <c>unless</c>: named ACLs and anonymous ones in braces, side by side for and, with
/// <c>or</c> between for or, each negated by <c>!</c>.</summary>
/// <param name="acls">Finds the named ACLs that were declared; null from it for none, which leaves the predefined ones.</param>
/// <param name="language">The keywords of anonymous ACLs.</param>
/// <param name="warn">Told what is right but probably not meant.</param>
internal sealed class ConditionParser(Func<string, Condition?>? acls, RuleLanguage language, Action<string>? warn)
{
    /// <summary>Reads the words.</summary>
    /// <exception cref="RuleFaultException">They are no condition.</exception>
    public Condition Parse(IReadOnlyList<string> words)
    {
        Condition? any = null, all = null;
        for (var i = 0; i < words.Count;)
        {
            if (words[i] is "or" or "||")
            {
                any = Join(any, all ?? throw new RuleFaultException($"a term is missing before '{words[i]}' in condition"));
                all = null;
                i++;
                if (i == words.Count)
                {
                    throw new RuleFaultException($"a term is missing after '{words[i - 1]}' in condition");
                }
            }
            else
            {
                var term = ReadTerm(words, ref i);
                all = all is null ? term : all & term;
            }
        }

        return Join(any, all ?? throw new RuleFaultException("a condition is missing"));

        static Condition Join(Condition? left, Condition right) => left is null ? right : left | right;
    }

    private Condition ReadTerm(IReadOnlyList<string> words, ref int position)
    {
        var isNegated = false;
        var word = words[position++];
        while (word.StartsWith('!'))
        {
            isNegated = !isNegated;
            word = word[1..];
            if (word.Length == 0)
            {
                word = position < words.Count && words[position] is not ("or" or "||")
                    ? words[position++]
                    : throw new RuleFaultException("a term is missing after '!' in condition");
            }
        }

        var term = word == "{" ? ReadAnonymous(words, ref position) : Find(word);
        return isNegated ? !term : term;
    }

    private AclCondition ReadAnonymous(IReadOnlyList<string> words, ref int position)
    {
        var acl = new List<string>();
        while (position < words.Count)
        {
            var word = words[position++];
            if (word == "}")
            {
                return AclParser.Parse(acl, language, warn);
            }

            acl.Add(word);
        }

        throw new RuleFaultException("missing closing '}' in condition");
    }

    private Condition Find(string name) =>
        acls?.Invoke(name) ?? PredefinedAcls.Find(name, language) ?? throw new RuleFaultException($"no such ACL : '{name}'");
}
