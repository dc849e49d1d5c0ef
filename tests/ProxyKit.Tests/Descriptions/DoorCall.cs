using System.Reflection;
using Microsoft.Extensions.Logging;
using ProxyKit.Descriptions;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Tests.Descriptions;

/// <summary>A call of a member that makes described objects, with arguments that suit its parameters.</summary>
internal sealed record DoorCall(MethodInfo Method, object?[] Arguments)
{
    public IDescribed Invoke() => (IDescribed)Method.Invoke(null, Arguments)!; // these members make something

    /// <summary>The call of a member; each parameter that may be left out is given something else than what it is then.</summary>
    public static DoorCall Of(MethodInfo method) => new(method, [.. method.GetParameters().Select(p => Sample(method, p))]);

    public override string ToString() =>
        $"{Method.DeclaringType!.Name}.{Method.Name}({string.Join(", ", Method.GetParameters().Select(static p => p.ParameterType.Name))})";

    private static object? Sample(MethodInfo method, ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type switch
        {
            _ when type == typeof(string) => Text(method.Name, parameter.Name!),
            _ when type == typeof(string[]) => method.Name switch
            {
                nameof(Match.Method) => ["GET", "PURGE"],
                nameof(Match.Host) => ["a.example", "*.b.example"],
                nameof(Match.HostSuffix) => [".a.example", ".b.example"],
                nameof(Match.Source) => ["10.0.0.0/8", "::1"],
                _ => new[] { "one", "two words" },
            },
            _ when type == typeof(int[]) => new[] { 404, 503 },
            _ when type == typeof(int) => parameter.Name switch
            {
                "status" => 503,
                "redirectStatus" => 303,
                _ => 7,
            },
            _ when type == typeof(uint) => 7u,
            _ when type == typeof(byte) => (byte)7,
            _ when type == typeof(bool) => true,
            _ when type == typeof(TimeSpan) => TimeSpan.FromMilliseconds(1500),
            _ when type == typeof(LogLevel) => LogLevel.None,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(1),
            _ when type == typeof(Expression) => Value.Parse("req.hdr(x-a),lower"),
            _ when type == typeof(Condition) => Match.Path("/named"),
            _ when type == typeof(MatchOptions) => new MatchOptions { Method = MatchMethod.Prefix, IgnoreCase = true },
            _ when type == typeof(Reply) => Reply.Empty(503),
            _ when type == typeof(RedirectOptions) => RedirectOptions.Scheme("https"),
            _ when type == typeof(IReadOnlyList<string>) => method.Name == nameof(Match.ParseAcl) ? ["path", "}", "x"] : new[] { "{", "path", "/x", "}" },
            _ when parameter.HasDefaultValue || type == typeof(Func<string, Condition?>) => null, // another language, or no names
            _ => throw new InvalidOperationException($"There is no sample of {type} yet."),
        };
    }

    private static string Text(string method, string parameter) => (method, parameter) switch
    {
        ("Cookie" or "Query", "name") => "session",
        (nameof(RuleActions.Resolve), "name") => "txn.name",
        (nameof(Value.ClientSubject) or nameof(Value.ClientIssuer), _) => "CN",
        (_, "name") when method.Contains("Variable", StringComparison.Ordinal) => "txn.name",
        (nameof(Match.PathPattern), _) => "/a/{id}/b",
        (nameof(Match.Parse), "condition") => "{ path -i /x '/a b' } !{ src 10.0.0.0/8 }",
        (nameof(Value.Parse), _) => "req.hdr(a,1),map(f,\"a b\")",
        (nameof(Value.Format), _) => "100%% %ci",
        (nameof(Match.PathSuffix), _) => ".jpg",
        (nameof(RuleActions.SetMethod), _) => "PUT",
        (_, "path" or "prefix" or "location" or "file") => "/some/where",
        (_, "regex" or "pattern") => @"^/(\w+)""",
        (_, "name") => "x-name",
        _ => "a-text",
    };
}
