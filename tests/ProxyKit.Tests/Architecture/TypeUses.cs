using System.Reflection;
using System.Reflection.Emit;

namespace ProxyKit.Tests.Architecture;

/// <summary>
/// Which types of an assembly use which others of it: in bases, signatures, locals, attributes and method bodies. Constants
/// leave no trace in compiled code, so a use of nothing but a constant is not seen.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(o => o.Value);

    /// <summary>Every use once, with nested and compiler-made types counted as the type they stand in.</summary>
    public static IEnumerable<(Type User, Type Used)> Of(Assembly assembly) =>
        assembly.GetTypes()
            .SelectMany(user => UsedBy(user)
                .SelectMany(Flatten)
                .Where(used => used.Assembly == assembly)
                .Select(used => (User: Outermost(user), Used: Outermost(used))))
            .Where(use => use.User != use.Used)
            .Distinct();

    private static IEnumerable<Type?> UsedBy(Type type)
    {
        var typeLevel = type.GetInterfaces().Append(type.BaseType)
            .Concat(type.GetGenericArguments().SelectMany(a => a.GetGenericParameterConstraints()))
            .Concat(AttributesOf(type));
        var fields = type.GetFields(Declared).SelectMany(f => AttributesOf(f).Append(f.FieldType));
        var properties = type.GetProperties(Declared).SelectMany(p => AttributesOf(p).Append(p.PropertyType));
        var methods = type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).SelectMany(UsedBy);
        return typeLevel.Concat(fields).Concat(properties).Concat(methods);
    }

    private static IEnumerable<Type?> UsedBy(MethodBase method)
    {
        foreach (var type in method.GetParameters().SelectMany(p => AttributesOf(p).Append(p.ParameterType)).Concat(AttributesOf(method)))
        {
            yield return type;
        }

        yield return (method as MethodInfo)?.ReturnType;

        foreach (var argument in method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : [])
        {
            foreach (var constraint in argument.GetGenericParameterConstraints())
            {
                yield return constraint;
            }
        }

        if (method.GetMethodBody() is not { } body)
        {
            yield break;
        }

        foreach (var local in body.LocalVariables)
        {
            yield return local.LocalType;
        }

        foreach (var clause in body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause))
        {
            yield return clause.CatchType;
        }

        foreach (var member in MembersNamedIn(method, body.GetILAsByteArray()!)) // a body has its bytes
        {
            yield return member as Type ?? member.DeclaringType;
            yield return (member as FieldInfo)?.FieldType;
            yield return (member as MethodInfo)?.ReturnType;
            foreach (var argument in member is MethodInfo { IsGenericMethod: true } called ? called.GetGenericArguments() : [])
            {
                yield return argument;
            }
        }
    }

    private static IEnumerable<MemberInfo> MembersNamedIn(MethodBase method, byte[] body)
    {
        var typeArguments = method.DeclaringType?.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;

        for (var i = 0; i < body.Length;)
        {
            // ECMA-335 III.1.2.1: 0xFE opens a two-byte opcode.
            var code = body[i] == 0xFE ? OpCodesByValue[(short)(0xFE00 | body[i + 1])] : OpCodesByValue[body[i]];
            i += code.Size;
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType &&
                method.Module.ResolveMember(BitConverter.ToInt32(body, i), typeArguments, methodArguments) is { } member)
            {
                yield return member;
            }

            i += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, i)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type?> AttributesOf(MemberInfo member) => member.CustomAttributes.SelectMany(TypesIn);

    private static IEnumerable<Type?> AttributesOf(ParameterInfo parameter) => parameter.CustomAttributes.SelectMany(TypesIn);

    // The argument matters too: [AsyncMethodBuilder(typeof(...))] names a type.
    private static IEnumerable<Type?> TypesIn(CustomAttributeData attribute) =>
        attribute.ConstructorArguments.Select(a => a.Value).OfType<Type>().Append(attribute.AttributeType);

    private static IEnumerable<Type> Flatten(Type? type)
    {
        if (type is null || type.IsGenericParameter)
        {
            return [];
        }

        if (type.HasElementType)
        {
            return Flatten(type.GetElementType());
        }

        if (type.IsFunctionPointer)
        {
            return type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Flatten);
        }

        var arguments = type.GetGenericArguments().SelectMany(Flatten);
        return arguments.Append(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
