using System.Reflection;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Descriptions;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Replies;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Descriptions;

public sealed class DescriptionTests
{
    private static readonly Type[] Doors =
    [
        typeof(Match), typeof(Value), typeof(RuleActions), typeof(StickActions), typeof(Reply), typeof(RedirectOptions), typeof(ErrorPageOptions),
        typeof(Capture), typeof(Balance), typeof(LogFormat),
    ];

    private static readonly Dictionary<string, DoorCall> Calls = (
        from door in Doors
        from method in door.GetMethods(BindingFlags.Public | BindingFlags.Static)
        where typeof(IDescribed).IsAssignableFrom(method.ReturnType) && !TakesCode(method)
        select DoorCall.Of(method)).ToDictionary(static c => c.ToString());

    public static TheoryData<string> Members => [.. Calls.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Members))]
    public void Description_of_what_a_member_makes_makes_the_same_again(string member)
    {
        var made = Calls[member].Invoke();

        Assert.NotNull(made.Description);
        Assert.Equal(made.ToString(), Make(made.Description).ToString());
    }

    [Fact]
    public void Description_keeps_what_the_member_was_given()
    {
        var description = RuleActions.ReplaceHeader("x-a", "a+", Value.Parse("src")).Description!; // no code in it

        Assert.Equal((typeof(RuleActions), "ReplaceHeader"), (description.Door, description.Member));
        Assert.Equal(["x-a", "a+", "src"], description.Arguments.Select(static a => a?.ToString()));
    }

    [Fact]
    public void Description_of_an_operator_has_all_its_operands()
    {
        var description = (Match.Path("/a") & Match.Path("/b") & !Match.Path("/c")).Description!; // no code in it

        Assert.Equal((typeof(Condition), "op_BitwiseAnd", 3), (description.Door, description.Member, description.Arguments.Count));
    }

    [Fact]
    public void Description_of_a_comparison_is_one()
    {
        Assert.Equal("Match.Parse({ req.len ge 21 })", Match.Parse("{ req.len gt 20 }").Description?.ToString());
        Assert.Equal("Match.Parse({ req.len 3:5 })", Match.Parse("{ req.len 3:5 }").Description?.ToString());
    }

    [Fact]
    public void Description_of_a_text_without_values_is_the_text()
    {
        Assert.Equal("Value.Text(100%)", Value.Format("100%%").Description?.ToString());
        Assert.Equal("100%", Value.Text("100%").ToString());
    }

    [Fact]
    public void Description_of_what_has_code_in_it_is_null()
    {
        IDescribed[] described =
        [
            Match.When(static _ => true), RuleActions.Run("run", static _ => { }), RuleActions.Answer("answer", static _ => null),
            Balance.Custom(new OwnStrategy()), Balance.Custom<OwnStrategy>(),
        ];

        Assert.All(described, static d => Assert.Null(d.Description));
    }

    [Fact]
    public void Description_of_words_that_a_user_added_is_null()
    {
        var language = new RuleLanguage().Add(new FetchKeyword
        {
            Name = "own",
            Type = SampleType.String,
            Create = static _ => static (_, ref _) => false,
        });

        Assert.Null(Value.Parse("own", language).Description);
        Assert.Null(Value.Format("%[own]", language).Description);
        Assert.Null(Match.Parse("{ own x }", language).Description);
    }

    private static bool TakesCode(MethodInfo method) => method.IsGenericMethod || method.GetParameters().Any(
        static p => p.ParameterType == typeof(IBalancingStrategy)
            || (typeof(Delegate).IsAssignableFrom(p.ParameterType) && p.ParameterType.GetGenericArguments().Contains(typeof(HttpExchange))));

    /// <summary>Does what a description says, overloads by trial.</summary>
    private static object Make(Description description)
    {
        if (description.Door == typeof(Condition))
        {
            return description.Arguments.Cast<Condition>().Aggregate((a, b) => description.Member == "op_BitwiseAnd" ? a & b : a | b);
        }

        return description.Door.GetProperty(description.Member) is { } property
            ? property.GetValue(null)!
            : description.Door.GetMethods().Where(m => m.Name == description.Member).Select(m => TryInvoke(m, [.. description.Arguments])).First(
                static made => made is not null)!;
    }

    private static object? TryInvoke(MethodInfo method, object?[] arguments)
    {
        var target = method.IsStatic ? null : arguments[0];
        arguments = method.IsStatic ? arguments : arguments[1..];
        var parameters = method.GetParameters();
        if (parameters is [.., var last] && last.IsDefined(typeof(ParamArrayAttribute)) && arguments.Length >= parameters.Length - 1)
        {
            var elements = arguments[(parameters.Length - 1)..];
            var array = Array.CreateInstance(last.ParameterType.GetElementType()!, elements.Length); // params take arrays
            elements.CopyTo(array, 0);
            arguments = [.. arguments[..(parameters.Length - 1)], array];
        }

        if (arguments.Length > parameters.Length || parameters.Skip(arguments.Length).Any(static p => !p.HasDefaultValue)
            || arguments.Zip(parameters).Any(static a => a.First is not null && !a.Second.ParameterType.IsInstanceOfType(a.First)))
        {
            return null;
        }

        return method.Invoke(target, [.. arguments, .. parameters.Skip(arguments.Length).Select(static p => p.DefaultValue)]);
    }

    private sealed class OwnStrategy : IBalancingStrategy
    {
        public Server? Pick(in BalancingContext context) => null;
    }
}
