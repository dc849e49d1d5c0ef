using System.Buffers;
using ProxyKit.Descriptions;
using ProxyKit.Rules;
using ProxyKit.Tool.CSharp.Layout;

namespace ProxyKit.Tool.CSharp;

/// <summary>Writes conditions: names of variables, members of <see cref="Match"/>, and operators between them. What stands side by side in HAProxy's
/// words is parsed as one text, as it was written.</summary>
internal sealed class ConditionWriter(ValueWriter values)
{
    private const string And = "op_BitwiseAnd";
    private const string Or = "op_BitwiseOr";
    private const string Not = "op_LogicalNot";

    private static readonly SearchValues<char> NoName = SearchValues.Create(" {}!|'\"\\");

    private readonly Dictionary<Condition, string> _variables = []; // by identity: conditions have no other

    public Code Write(Condition condition) => Write(condition, inner: null);

    /// <summary>Makes variables of the conditions with names that there are within some, until they are forgotten.</summary>
    /// <returns>Their declarations.</returns>
    public IReadOnlyList<Code> Declare(IEnumerable<Condition> conditions)
    {
        var declarations = new List<Code>();
        var declared = new List<(Condition Condition, string Variable)>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var condition in conditions.SelectMany(Within))
        {
            if (NameOf(condition) is not { } name)
            {
                continue;
            }

            var variable = declared.Find(d => Differences.AreSame(d.Condition, condition)).Variable;
            if (variable is null)
            {
                variable = Names.OfCondition(name, taken);
                declared.Add((condition, variable));
                declarations.Add(new CodeSequence($"var {variable} = ", Write(condition)));
            }

            _variables.TryAdd(condition, variable);
        }

        return declarations;
    }

    /// <summary>The variable of an ACL; null where there is none.</summary>
    public string? VariableOf(string acl, Condition condition) => _variables.FirstOrDefault(
        v => v.Key.Description is { Arguments: [string name, Condition inner] } && name == acl && Differences.AreSame(inner, condition)).Value;

    public void Forget() => _variables.Clear();

    /// <summary>All conditions within one, itself included, what has a name last.</summary>
    private static IEnumerable<Condition> Within(Condition condition)
    {
        var parts = condition.Description?.Arguments.OfType<Condition>() ?? [];
        return parts.SelectMany(Within).Append(condition);
    }

    private static string? NameOf(Condition condition) =>
        condition.Description is { Member: nameof(Match.Named), Arguments: [string name, _] } description && description.Door == typeof(Match) ? name : null;

    /// <param name="condition">The condition.</param>
    /// <param name="inner">The operator that it is an operand of; null where it stands alone.</param>
    private Code Write(Condition condition, string? inner)
    {
        if (_variables.TryGetValue(condition, out var variable))
        {
            return variable;
        }

        if (condition.Description is not { } description)
        {
            return values.Refuse($"the condition '{condition}', which has code or words of a user's own in it,");
        }

        if (description.Door != typeof(Condition))
        {
            return values.TryWrite(description) ?? values.Refuse($"the condition '{condition}'");
        }

        if (description.Member == Not)
        {
            return new CodeSequence("!", Write((Condition)description.Arguments[0]!, Not)); // it has one operand
        }

        var operands = Operands(description.Member, [.. description.Arguments.Cast<Condition>()]).ToArray();
        if (operands.Length == 1)
        {
            return operands[0];
        }

        var operation = new CodeOperation(description.Member == And ? "&" : "|", operands);
        return inner is not null ? new CodeSequence("(", operation, ")") : operation;
    }

    /// <summary>The operands, with those that are words joined into one text.</summary>
    private IEnumerable<Code> Operands(string member, Condition[] parts)
    {
        for (var i = 0; i < parts.Length;)
        {
            var words = parts.Skip(i).Select(p => member == And ? Term(p) : Words(p)).TakeWhile(static w => w is not null).ToArray();
            if (words.Length > 1)
            {
                yield return Parse(string.Join(member == And ? " " : " or ", words));
                i += words.Length;
            }
            else
            {
                yield return Write(parts[i], member);
                i++;
            }
        }
    }

    /// <summary>The words of a condition that has no "or" in it.</summary>
    private string? Words(Condition condition) =>
        Term(condition) is { } term ? term
        : !_variables.ContainsKey(condition) && condition.Description is { Member: And } description
            && description.Arguments.Cast<Condition>().Select(Term).ToArray() is var terms && Array.TrueForAll(terms, static t => t is not null)
            ? string.Join(' ', terms)
            : null;

    /// <summary>The words of a single term, be it turned round; null where it is no such one.</summary>
    private string? Term(Condition condition) => _variables.ContainsKey(condition) ? null : condition.Description switch
    {
        { Member: Not, Arguments: [Condition inner] } when Term(inner) is { } term && !term.StartsWith('!') => $"!{term}",
        { Member: nameof(Match.Parse), Arguments: [string text] } description when description.Door == typeof(Match) && IsTerm(text) => text,
        _ => null,
    };

    private static bool IsTerm(string words) => (words.StartsWith("{ ", StringComparison.Ordinal) && words.EndsWith(" }", StringComparison.Ordinal))
        || !words.AsSpan().ContainsAny(NoName);

    private CodeList Parse(string words) => CodeList.Call($"{values.Names.Of(typeof(Match))}.{nameof(Match.Parse)}", Literals.Of(words));
}
