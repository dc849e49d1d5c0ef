using System.Reflection;
using ProxyKit.Descriptions;

namespace ProxyKit.Tool.CSharp;

/// <summary>A method and what each of its parameters is given.</summary>
internal sealed class CallBinding
{
    private CallBinding(MethodInfo method, IReadOnlyList<object?> values, IReadOnlyList<object?>? elements)
    {
        Method = method;
        Values = values;
        Elements = elements;
    }

    public MethodInfo Method { get; }

    /// <summary>A value for each parameter but a last one that takes elements.</summary>
    public IReadOnlyList<object?> Values { get; }

    /// <summary>What a last parameter of <c>params</c> is given; null where there is none.</summary>
    public IReadOnlyList<object?>? Elements { get; }

    /// <summary>How well the method fits: values given as plain texts, and values left out.</summary>
    private int Score { get; init; }

    /// <summary>The method of several that fits best; null where none does.</summary>
    public static CallBinding? Best(IEnumerable<MethodInfo> methods, IReadOnlyList<object?> arguments) =>
        methods.Select(method => Bind(method, arguments)).OfType<CallBinding>().MaxBy(static b => b.Score);

    /// <summary>Calls it.</summary>
    public object? Invoke(object? target)
    {
        object?[] values = [.. Values];
        if (Elements is not null)
        {
            var array = Array.CreateInstance(Method.GetParameters()[^1].ParameterType.GetElementType()!, Elements.Count); // params take arrays
            foreach (var (i, element) in Elements.Index())
            {
                array.SetValue(element, i);
            }

            values = [.. values, array];
        }

        return Method.Invoke(target, values);
    }

    /// <summary>Whether a parameter may be left out with such a value.</summary>
    public static bool IsDefault(ParameterInfo parameter, object? value) => parameter.HasDefaultValue
        && (Equals(parameter.DefaultValue, value)
            || (value is Enum && parameter.DefaultValue is { } number && Convert.ToInt64(value, null) == Convert.ToInt64(number, null)));

    private static CallBinding? Bind(MethodInfo method, IReadOnlyList<object?> arguments)
    {
        var parameters = method.GetParameters();
        var takesElements = parameters is [.., var last] && last.IsDefined(typeof(ParamArrayAttribute));
        var fixedCount = takesElements ? parameters.Length - 1 : parameters.Length;
        if (method.IsGenericMethod || (arguments.Count > fixedCount && !takesElements))
        {
            return null;
        }

        var values = new object?[fixedCount];
        var score = 0;
        foreach (var (i, parameter) in parameters.Take(fixedCount).Index())
        {
            if (i < arguments.Count ? !TryFit(parameter, arguments[i], out values[i], ref score) : !parameter.HasDefaultValue)
            {
                return null;
            }

            values[i] = i < arguments.Count ? values[i] : parameter.DefaultValue;
            score += IsDefault(parameter, values[i]) ? 1 : 0;
        }

        object?[]? elements = takesElements ? [.. arguments.Skip(fixedCount)] : null;
        return elements?.All(e => parameters[^1].ParameterType.GetElementType()!.IsInstanceOfType(e)) == false // params take arrays
            ? null
            : new(method, values, elements) { Score = score };
    }

    private static bool TryFit(ParameterInfo parameter, object? argument, out object? value, ref int score)
    {
        var type = parameter.ParameterType;
        value = argument;
        if (type == typeof(string) && argument is IDescribed { Description: { Member: nameof(Value.Text), Arguments: [string text] } made }
            && made.Door == typeof(Value))
        {
            value = text; // the text itself is what one would write
            score++;
            return true;
        }

        return argument is null ? !type.IsValueType || Nullable.GetUnderlyingType(type) is not null : type.IsInstanceOfType(argument);
    }
}
