using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads the conditions of rules: names of ACLs and <c>{ … }</c>, side by side for "and", with <c>or</c> between for "or".</summary>
/// <param name="words">The words behind <c>if</c> or <c>unless</c>.</param>
/// <param name="scope">The ACLs that can be named.</param>
/// <param name="language">The words that expressions may use; null for those that come with ProxyKit.</param>
/// <param name="warn">Is told what can be run but is probably not meant.</param>
internal sealed class ConditionWords(IReadOnlyList<Word> words, AclScope scope, RuleLanguage? language, Action<string> warn)
{
    /// <summary>The word that is being read: where a fault was found.</summary>
    public int Position { get; private set; }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="RuleFaultException">It is no condition; <see cref="Position"/> says where.</exception>
    public Condition Read()
    {
        Condition? any = null;
        Condition? all = null;
        var isNegated = false;
        while (Position < words.Count)
        {
            var text = words[Position].Text;
            if (text is "or" or "||")
            {
                if (all is null || isNegated)
                {
                    throw new RuleFaultException($"missing ACL before '{text}'");
                }

                any = any is null ? all : any | all;
                all = null;
                Position++;
                continue;
            }

            while (text.StartsWith('!'))
            {
                isNegated = !isNegated;
                text = text[1..];
            }

            if (text.Length == 0)
            {
                Position++; // the sign alone: it is about the next word
                continue;
            }

            var term = text == "{" ? ReadAnonymous() : Match.Named(text, scope.Find(text));
            Position++;
            term = isNegated ? !term : term;
            isNegated = false;
            all = all is null ? term : all & term;
        }

        if (all is null || isNegated)
        {
            throw new RuleFaultException(words.Count == 0 ? "missing ACL in condition" : "missing ACL at the end of the condition");
        }

        return any is null ? all : any | all;
    }

    /// <summary>Reads <c>{ criterion … }</c>; the closing brace is a word of its own.</summary>
    private Condition ReadAnonymous()
    {
        var start = Position + 1;
        var end = start;
        while (end < words.Count && words[end].Text != "}")
        {
            end++;
        }

        if (end == words.Count)
        {
            throw new RuleFaultException("missing closing '}' in condition");
        }

        if (end == start)
        {
            throw new RuleFaultException("empty ACL between braces");
        }

        Position = start;
        var condition = AclExpression.Parse([.. words.Skip(start).Take(end - start).Select(static w => w.Text)], language, warn);
        Position = end;
        return condition;
    }
}
