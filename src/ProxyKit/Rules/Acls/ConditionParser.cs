using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Acls;

/// <summary>Reads, once, what stands behind <c>if</c> and <c>unless</c>: named ACLs and anonymous ones in braces, side by side for and, with
/// <c>or</c> between for or, each negated by <c>!</c>.</summary>
/// <param name="acls">Finds the named ACLs that were declared; null from it for none, which leaves the predefined ones.</param>
/// <param name="language">The keywords of anonymous ACLs.</param>
/// <param name="warn">Told what is right but probably not meant.</param>
internal sealed class ConditionParser(Func<string, Condition?>? acls, RuleLanguage language, Action<string>? warn)
{
    private int _position; // the word that is being read: where a fault is

    /// <summary>Reads the words.</summary>
    /// <exception cref="RuleFaultException">They are no condition.</exception>
    public Condition Parse(IReadOnlyList<string> words)
    {
        try
        {
            return ParseTerms(words);
        }
        catch (RuleFaultException e)
        {
            e.Word = _position;
            throw;
        }
    }

    private Condition ParseTerms(IReadOnlyList<string> words)
    {
        Condition? any = null, all = null;
        while (_position < words.Count)
        {
            var word = words[_position];
            if (word is "or" or "||")
            {
                any = Join(any, all ?? throw new RuleFaultException($"a term is missing before '{word}' in condition"));
                all = null;
                _position++;
                if (_position == words.Count)
                {
                    throw new RuleFaultException($"a term is missing after '{word}' in condition");
                }
            }
            else
            {
                var term = ReadTerm(words);
                all = all is null ? term : all & term;
            }
        }

        return Join(any, all ?? throw new RuleFaultException("a condition is missing"));

        static Condition Join(Condition? left, Condition right) => left is null ? right : left | right;
    }

    private Condition ReadTerm(IReadOnlyList<string> words)
    {
        var isNegated = false;
        var word = words[_position];
        while (word.StartsWith('!'))
        {
            isNegated = !isNegated;
            word = word[1..];
            if (word.Length == 0)
            {
                _position++; // the sign alone: it is about the next word
                word = _position < words.Count && words[_position] is not ("or" or "||")
                    ? words[_position]
                    : throw new RuleFaultException("a term is missing after '!' in condition");
            }
        }

        var term = word == "{" ? ReadAnonymous(words) : Find(word);
        _position++;
        return isNegated ? !term : term;
    }

    /// <summary>Reads up to the closing brace, which is a word of its own.</summary>
    private AclCondition ReadAnonymous(IReadOnlyList<string> words)
    {
        var end = _position + 1;
        while (end < words.Count && words[end] != "}")
        {
            end++;
        }

        if (end == words.Count)
        {
            throw new RuleFaultException("missing closing '}' in condition");
        }

        var start = ++_position;
        var condition = AclParser.Parse([.. words.Skip(start).Take(end - start)], language, warn);
        _position = end;
        return condition;
    }

    private Condition Find(string name) =>
        acls?.Invoke(name) ?? PredefinedAcls.Find(name, language) ?? throw new RuleFaultException($"no such ACL : '{name}'");
}
