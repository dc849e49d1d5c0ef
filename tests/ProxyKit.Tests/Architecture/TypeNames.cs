using System.Globalization;
using System.Reflection;

namespace ProxyKit.Tests.Architecture;

/// <summary>Types and parameters as C# writes them, with the question mark of what may be null.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint", [typeof(char)] = "char", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type) => Write(type, null);

    public static string Of(FieldInfo field) => Write(field.FieldType, new NullabilityInfoContext().Create(field));

    public static string Of(PropertyInfo property) => Write(property.PropertyType, new NullabilityInfoContext().Create(property));

    public static string Of(EventInfo member) =>
        Write(member.EventHandlerType!, new NullabilityInfoContext().Create(member)).TrimEnd('?'); // an event has a type, and is always nullable

    public static string Of(ParameterInfo parameter)
    {
        var by = parameter.ParameterType.IsByRef
            ? parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return by + Write(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
    }

    public static string Parameters(MethodBase method) => string.Join(
        ", ",
        method.GetParameters().Select(p => $"{Of(p)} {p.Name}{(p.HasDefaultValue ? " = " + Literal(p.RawDefaultValue) : "")}"));

    public static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!, // not null for a value
    };

    private static string Write(Type type, NullabilityInfo? nullability)
    {
        var mark = type is { IsValueType: false, IsGenericParameter: false } && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword + mark;
        }

        if (type.HasElementType)
        {
            var element = Write(type.GetElementType()!, type.IsArray ? nullability?.ElementType : nullability); // asked just before
            return type.IsArray ? $"{element}[]{mark}" : type.IsPointer ? element + "*" : element;
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Write(value, nullability?.GenericTypeArguments.FirstOrDefault()) + "?";
        }

        var name = type.IsGenericType ? type.Name.Split('`')[0] : type.Name;
        if (type.IsGenericType)
        {
            var inner = nullability?.GenericTypeArguments;
            var arguments = type.GetGenericArguments().Select((a, i) => Write(a, inner is not null && i < inner.Length ? inner[i] : null));
            name += $"<{string.Join(", ", arguments)}>";
        }

        return (type is { IsNested: true, IsGenericParameter: false } ? Of(type.DeclaringType!) + "." : "") + name + mark; // nested in something
    }
}
