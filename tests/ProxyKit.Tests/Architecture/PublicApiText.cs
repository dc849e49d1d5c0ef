using System.Reflection;
using System.Runtime.CompilerServices;

namespace ProxyKit.Tests.Architecture;

/// <summary>The public surface of an assembly as sorted text: a line per type, and indented below it a line per member.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes()
            .Where(IsWritten)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => MembersOf(type).Order(StringComparer.Ordinal).Select(m => "    " + m).Prepend(Head(type)));

    private static string Head(Type type)
    {
        var name = type.Namespace + "." + TypeNames.Of(type);
        if (IsDelegate(type))
        {
            return $"delegate {Signature(type.GetMethod("Invoke")!, name)}"; // every delegate has Invoke
        }

        if (type.IsEnum)
        {
            var flags = type.IsDefined(typeof(FlagsAttribute)) ? "flags " : "";
            return $"{flags}enum {name} : {TypeNames.Of(type.GetEnumUnderlyingType())}";
        }

        var inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<string> bases = type.GetInterfaces().Except(inherited).Select(TypeNames.Of).Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases = bases.Prepend(TypeNames.Of(parent));
        }

        var list = string.Join(", ", bases);
        return $"{Kind(type)} {name}{(list.Length > 0 ? " : " + list : "")}";
    }

    private static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsValueType: true } =>
            (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (IsDelegate(type))
        {
            return [];
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Enum.Format(type, Enum.Parse(type, name), "d")}");
        }

        return
        [
            .. type.GetConstructors(Declared).Where(IsVisible).Select(c => $"{Access(c)}new({TypeNames.Parameters(c)})"),
            .. type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(Field),
            .. type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)).Select(Property),
            .. type.GetEvents(Declared).Where(e => e.AddMethod is { } add && IsVisible(add)).Select(e => $"event {TypeNames.Of(e)} {e.Name}"),
            .. type.GetMethods(Declared).Where(m => IsVisible(m) && IsWritten(m)).Select(m => Access(m) + Signature(m, m.Name)),
        ];
    }

    private static string Field(FieldInfo field)
    {
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return $"{kind}{TypeNames.Of(field)} {field.Name}{(field.IsLiteral ? " = " + TypeNames.Literal(field.GetRawConstantValue()) : "")}";
    }

    private static string Property(PropertyInfo property)
    {
        var visible = property.GetAccessors(nonPublic: true).Where(IsVisible).ToList();
        var index = property.GetIndexParameters().Length > 0 ? $"this[{TypeNames.Parameters(property.GetMethod ?? visible[0])}]" : property.Name;
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var accessors = visible.Select(a => a.ReturnType != typeof(void) ? "get; " : isInit ? "init; " : "set; ").Order(StringComparer.Ordinal);
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{Access(visible[0])}{required}{TypeNames.Of(property)} {index} {{ {string.Concat(accessors)}}}";
    }

    private static string Signature(MethodInfo method, string name)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>" : "";
        var extends = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{TypeNames.Of(method.ReturnParameter)} {name}{generic}({extends}{TypeNames.Parameters(method)})";
    }

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ")
        + (method.IsStatic ? "static " : "")
        + (method.DeclaringType!.IsInterface ? "" : // a method read from a type has one
            method.IsAbstract ? "abstract " :
            method is MethodInfo m && m.GetBaseDefinition() != m ? "override " :
            method.IsVirtual && !method.IsFinal ? "virtual " : "");

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed); // as above

    /// <summary>Not what the compiler adds: accessors, the members of a record, the insides of extension blocks.</summary>
    private static bool IsWritten(MemberInfo member) =>
        !member.Name.Contains('<', StringComparison.Ordinal)
        && !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && (member is not MethodBase { IsSpecialName: true } || member.Name.StartsWith("op_", StringComparison.Ordinal));

    private static bool IsDelegate(Type type) => type.IsSubclassOf(typeof(MulticastDelegate));
}
