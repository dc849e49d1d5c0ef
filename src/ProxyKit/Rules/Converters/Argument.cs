using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Converters;

/// <summary>The arguments that converters and constants declare.</summary>
internal static class Argument
{
    public static KeywordArgument Text(string name) => new(name);

    public static KeywordArgument OptionalText(string name) => new(name, IsOptional: true);

    public static KeywordArgument Integer(string name) => new(name, ArgumentKind.Integer);

    public static KeywordArgument OptionalInteger(string name) => new(name, ArgumentKind.Integer, IsOptional: true);

    public static KeywordArgument IntegerOrVariable(string name) => new(name, ArgumentKind.IntegerOrVariable);

    public static KeywordArgument OptionalIntegerOrVariable(string name) => new(name, ArgumentKind.IntegerOrVariable, IsOptional: true);

    public static KeywordArgument Variable(string name) => new(name, ArgumentKind.Variable);

    public static KeywordArgument OptionalVariable(string name) => new(name, ArgumentKind.Variable, IsOptional: true);

    public static KeywordArgument Address(string name) => new(name, ArgumentKind.Address);

    public static KeywordArgument OptionalAddress(string name) => new(name, ArgumentKind.Address, IsOptional: true);
}
