using System.Collections;
using System.Net;
using System.Reflection;
using ProxyKit.Authentication;
using ProxyKit.Descriptions;
using ProxyKit.Rules;
using ProxyKit.Rules.UserLists;
using ProxyKit.Tool.CSharp.Layout;

namespace ProxyKit.Tool.CSharp;

/// <summary>Writes any value that options can have as an expression of C#.</summary>
internal sealed class ValueWriter
{
    private const string OfSecrets = "a secret: better kept where secrets are, not in source";

    /// <summary>The properties that hold what nobody else is to know; what was taken from the environment stands in them too.</summary>
    private static readonly HashSet<string> Secrets = new(StringComparer.Ordinal)
    {
        nameof(JwtOptions.Secrets), nameof(IntrospectionOptions.ClientSecret), nameof(UserOptions.InsecurePassword),
    };

    private readonly TypeNames _names;
    private readonly List<string> _faults;

    /// <param name="names">Is told of each type that is named.</param>
    /// <param name="faults">Is told of what cannot be written.</param>
    public ValueWriter(TypeNames names, List<string> faults)
    {
        _names = names;
        _faults = faults;
        Conditions = new(this);
    }

    public ConditionWriter Conditions { get; }

    public TypeNames Names => _names;

    public Code Write(object? value) => value switch
    {
        null => "null",
        string text => Literals.Of(text),
        DateOnly day => CodeList.Call($"new {_names.Of(typeof(DateOnly))}", Write(day.Year), Write(day.Month), Write(day.Day)),
        TimeZoneInfo zone => CodeList.Call($"{_names.Of(typeof(TimeZoneInfo))}.FindSystemTimeZoneById", Literals.Of(zone.Id)),
        TimeSpan time => OfType(typeof(TimeSpan), Literals.Of(time)),
        Enum member => WriteEnum(member),
        Condition condition => Conditions.Write(condition),
        IDescribed described => WriteDescribed(described),
        IPAddress or IPEndPoint => $"{_names.Of(value.GetType())}.Parse({Literals.Of(value.ToString()!)})", // both have a text
        Uri uri => $"new {_names.Of(typeof(Uri))}({Literals.Of(uri.OriginalString)})",
        _ when Literals.OfSimple(value) is { } literal => literal,
        ReadOnlyMemory<byte> bytes => Literals.Of(bytes.Span),
        _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) => CodeList.Call(
            "new", Write(type.GetProperty("Key")!.GetValue(value)), Write(type.GetProperty("Value")!.GetValue(value))), // every pair has both
        Delegate => Refuse("code"),
        IDictionary => Refuse("a dictionary that is replaced"),
        IEnumerable elements => CodeList.Collection([.. elements.Cast<object?>().Select(Write)]),
        _ => WriteObject(value),
    };

    /// <summary>Writes how something was made; null where nobody can.</summary>
    public Code? TryWrite(Description description)
    {
        if (description.Door.GetProperty(description.Member, BindingFlags.Public | BindingFlags.Static) is not null)
        {
            return $"{_names.Of(description.Door)}.{description.Member}";
        }

        if (Bind(description) is not { } call)
        {
            return null;
        }

        return call.Method.IsStatic
            ? CodeList.Call($"{_names.Of(description.Door)}.{description.Member}", [.. Arguments(call)])
            : WriteChain(description.Arguments[0], [CodeList.Call($".{description.Member}", [.. Arguments(call)])]);
    }

    /// <summary>The arguments of a call, without those that need not be said.</summary>
    public IEnumerable<Code> Arguments(CallBinding call)
    {
        var isLeftOut = false;
        foreach (var (parameter, value) in call.Method.GetParameters().Zip(call.Values))
        {
            if (CallBinding.IsDefault(parameter, value) && call.Elements is null or { Count: 0 })
            {
                isLeftOut = true;
                continue;
            }

            // A condition is named wherever it may be left out: that reads as a sentence.
            var isNamed = isLeftOut || (parameter.HasDefaultValue && parameter.ParameterType == typeof(Condition)) || value is bool;
            yield return isNamed ? new CodeSequence($"{parameter.Name}: ", Write(value)) : Write(value);
        }

        foreach (var element in call.Elements ?? [])
        {
            yield return Write(element);
        }
    }

    /// <summary>The members of an initializer.</summary>
    public Code WriteMember(Difference difference)
    {
        var name = difference.Name;
        Code code = difference.Kind switch
        {
            DifferenceKind.Assigned => new CodeSequence($"{name} = ", Write(difference.Value)),
            DifferenceKind.Elements => new CodeInitializer($"{name} =", [.. difference.Elements.Select(Write)]),
            DifferenceKind.Entries => new CodeInitializer(
                $"{name} =",
                [.. difference.Entries.Select(e => new CodeSequence("[", Write(e.Key), "] = ", Write(e.Value)))]),
            _ => new CodeInitializer($"{name} =", [.. difference.Members.Select(WriteMember)]),
        };
        return CodeComment.Of(code, Secrets.Contains(name) ? OfSecrets : null);
    }

    /// <summary>Says that something cannot be written.</summary>
    /// <returns>What stands in its place; nobody gets to see it.</returns>
    public Code Refuse(string what)
    {
        _faults.Add(what);
        return "null";
    }

    private static CallBinding? Bind(Description description)
    {
        var methods = description.Door.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance).Where(m => m.Name == description.Member);
        return CallBinding.Best(methods.Where(static m => m.IsStatic), description.Arguments)
            ?? CallBinding.Best(methods.Where(static m => !m.IsStatic), [.. description.Arguments.Skip(1)]);
    }

    private static object? Make(Description description) => Bind(description) is { } call
        ? call.Invoke(call.Method.IsStatic ? null : description.Arguments[0])
        : description.Door.GetProperty(description.Member)?.GetValue(null);

    /// <summary>Calls on an object, those on it that are part of how it was made included.</summary>
    private CodeChain WriteChain(object? target, IReadOnlyList<Code> calls) =>
        target is IDescribed { Description: { } made } && Bind(made) is { Method.IsStatic: false } inner
            ? WriteChain(made.Arguments[0], [CodeList.Call($".{made.Member}", [.. Arguments(inner)]), .. calls])
            : new CodeChain(Write(target), calls);

    private Code WriteDescribed(IDescribed described)
    {
        if (described.Description is not { } description || TryWrite(description) is not { } code)
        {
            return Refuse($"'{described}', which has code or words of a user's own in it,");
        }

        // What was said about it after it was made: records have properties besides.
        var differences = Make(description) is { } made ? Differences.SaidAfterwards(described, made).ToArray() : [];
        return differences.Length == 0 ? code : new CodeInitializer(new CodeSequence(code, " with"), [.. differences.Select(WriteMember)]);
    }

    private Code WriteObject(object value)
    {
        if (Differences.Fresh(value, out var given) is not { } fresh)
        {
            return Refuse($"a value of type '{value.GetType().Name}'");
        }

        var members = Differences.Between(value, fresh).Where(d => !given.Contains(d.Property)).Select(WriteMember).ToArray();
        Code made = given.Count > 0 || members.Length == 0
            ? CodeList.Call($"new {_names.Of(value.GetType())}", [.. GivenArguments(value, given)])
            : $"new {_names.Of(value.GetType())}";
        return members.Length == 0 ? made : new CodeInitializer(made, members);
    }

    private IEnumerable<Code> GivenArguments(object value, IReadOnlyList<PropertyInfo> given)
    {
        var parameters = value.GetType().GetConstructors().Select(static c => c.GetParameters()).First(p => p.Length == given.Count);
        var isLeftOut = false;
        foreach (var (property, parameter) in given.Zip(parameters))
        {
            var argument = property.GetValue(value);
            if (CallBinding.IsDefault(parameter, argument))
            {
                isLeftOut = true;
            }
            else
            {
                yield return isLeftOut ? new CodeSequence($"{parameter.Name}: ", Write(argument)) : Write(argument);
            }
        }
    }

    private string WriteEnum(Enum value)
    {
        var name = _names.Of(value.GetType());
        var text = value.ToString();
        return char.IsAsciiLetter(text[0])
            ? string.Join(" | ", text.Split(", ").Select(member => $"{name}.{member}"))
            : $"({name}){(text[0] == '-' ? $"({text})" : text)}";
    }

    private string OfType(Type type, string code)
    {
        _names.Of(type);
        return code;
    }
}
