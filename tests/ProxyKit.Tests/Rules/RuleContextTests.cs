using System.Reflection;
using System.Runtime.CompilerServices;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Rules;

/// <summary>A request that waits for its server keeps its context only where that keeps something: what is overlooked here is lost by the wait.</summary>
public sealed class RuleContextTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>What whoever goes on with the exchange puts there again.</summary>
    private static readonly string[] PutAgain =
    [
        nameof(RuleContext.Exchange), nameof(RuleContext.Request), nameof(RuleContext.Session), nameof(RuleContext.Frontend), nameof(RuleContext.Backend),
        nameof(RuleContext.Host), nameof(RuleContext.IsFirstRequest), nameof(RuleContext.FrontendErrorPages), nameof(RuleContext.BackendErrorPages),
        nameof(RuleContext.PolicyRow),
    ];

    public static TheoryData<string> Kept => [.. SettersOf(typeof(RuleContext)).Except(PutAgain)];

    public static TheoryData<string> Settings => [.. SettersOf(typeof(ExchangeSettings))];

    [Fact]
    public void Context_of_an_exchange_that_rules_have_done_nothing_to_is_blank() => Assert.True(TestExchange.For("/").Context.IsBlank);

    [Fact]
    public void Context_of_which_another_keeps_the_row_of_the_policy_is_blank() => Assert.True(new RuleContext { PolicyRow = new PolicyRowName([1]) }.IsBlank);

    [Theory]
    [MemberData(nameof(Kept))]
    public void Context_that_keeps_something_is_not_blank(string property)
    {
        var context = new RuleContext();

        Change(context, property);

        Assert.False(context.IsBlank);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Settings_of_which_one_is_made_are_not_blank(string property)
    {
        var context = new RuleContext();

        Change(context.Settings, property);

        Assert.False(context.IsBlank);
    }

    [Fact]
    public void Parts_that_are_asked_are_all_that_there_are() => Assert.Equal(
        ["Admission", "Counters", "KeptTexts", "RequestCaptures", "RequestVariables", "ResponseCaptures", "ResponseVariables", "Settings", "TransactionVariables", "_scratch"],
        typeof(RuleContext).GetFields(Any).Where(static f => f.IsInitOnly).Select(static f => f.Name.Split('<', '>') is [_, var property, _] ? property : f.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(nameof(RuleContext.TransactionVariables))]
    [InlineData(nameof(RuleContext.RequestVariables))]
    [InlineData(nameof(RuleContext.ResponseVariables))]
    public void Context_with_a_variable_is_not_blank_until_that_is_taken_back(string property)
    {
        var context = new RuleContext();
        var variables = (VariableSet)typeof(RuleContext).GetProperty(property, Any)!.GetValue(context)!;
        var sample = default(Sample);
        sample.Set(0);

        variables.Set(2, in sample);
        var isBlank = context.IsBlank;
        variables.Unset(2);

        Assert.Equal((false, true), (isBlank, context.IsBlank));
    }

    [Theory]
    [InlineData(nameof(RuleContext.RequestCaptures))]
    [InlineData(nameof(RuleContext.ResponseCaptures))]
    [InlineData(nameof(RuleContext.KeptTexts))]
    public void Context_that_has_captured_something_is_not_blank(string property)
    {
        var context = new RuleContext();

        ((CaptureSet)typeof(RuleContext).GetProperty(property, Any)!.GetValue(context)!).Set(1, "x"u8, 10);

        Assert.False(context.IsBlank);
    }

    [Fact]
    public void Context_of_a_client_with_a_tier_is_not_blank()
    {
        var context = new RuleContext();

        context.Admission.Outcome = TierOutcome.Admitted;

        Assert.False(context.IsBlank);
    }

    [Fact]
    public void Context_whose_addresses_rules_have_changed_is_not_blank()
    {
        var (source, destination) = (new RuleContext(), new RuleContext());

        source.OverrideSource(new System.Net.IPEndPoint(0, 0));
        destination.OverrideDestination(new System.Net.IPEndPoint(0, 0));

        Assert.Equal((false, false), (source.IsBlank, destination.IsBlank));
    }

    private static IEnumerable<string> SettersOf(Type type) =>
        type.GetProperties(Any).Where(static p => p.SetMethod is not null).Select(static p => p.Name);

    private static void Change(object whole, string name)
    {
        var property = whole.GetType().GetProperty(name, Any)!; // it has given the name itself
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        property.SetValue(whole, type switch
        {
            _ when type == typeof(bool) => !(bool)property.GetValue(whole)!,
            _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(new byte[1]),
            _ when type == typeof(string) => "x",
            _ when type == typeof(Action<RuleContext, string>) => static (RuleContext _, string _) => { },
            _ when type == typeof(ReplyWriter) => Written(),
            { IsEnum: true } => Enum.ToObject(type, 1),
            { IsPrimitive: true } => Convert.ChangeType(1, type, null),
            _ => RuntimeHelpers.GetUninitializedObject(type),
        });
    }

    private static ReplyWriter Written()
    {
        var writer = new ReplyWriter();
        writer.Raw("x"u8);
        return writer;
    }
}
