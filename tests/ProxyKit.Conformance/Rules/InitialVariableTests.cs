using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Conformance.Rules;

/// <summary>Variables of the process that have values before the first client comes.</summary>
public sealed class InitialVariableTests() : ProxyTest(Carrier.Memory)
{
    [Fact]
    public async Task Variables_are_set_in_their_order()
    {
        await StartAsync(Asking(static proxy => proxy.SetVariable("proc.a", Value.Parse("int(3)")).SetVariable("proc.b", Value.Parse("int(5),add(proc.a)"))));

        Assert.Equal("3,8", (await GetAsync())["x-vars"]);
    }

    [Fact]
    public async Task Another_configuration_sets_them_anew()
    {
        await StartAsync(Asking(static proxy => proxy.SetVariable("proc.a", Value.Parse("int(1)")).SetVariable("proc.b", Value.Parse("int(2)"))));

        await ReloadAsync(Asking(static proxy => proxy.SetVariable("proc.a", Value.Parse("int(9)"))));

        Assert.Equal("9,2", (await GetAsync())["x-vars"]); // what it does not name stays
    }

    [Fact]
    public async Task Converter_of_a_user_that_throws_costs_its_variable_alone()
    {
        ExpectedFaults = 1;
        var language = new RuleLanguage().Add(new ConverterKeyword
        {
            Name = "broken",
            Input = SampleType.Integer,
            Output = SampleType.Integer,
            Create = static _ => static (_, ref _) => throw new InvalidOperationException("broken"),
        });

        await StartAsync(Asking(proxy => proxy.SetVariable("proc.a", Value.Parse("int(1),broken", language)).SetVariable("proc.b", Value.Parse("int(2)"))));

        Assert.Equal(",2", (await GetAsync())["x-vars"]);
    }

    [Theory]
    [InlineData("proc.a", "src", "variable \"proc.a\" > sample fetch <src> ")]
    [InlineData("txn.a", "int(1)", "variable \"txn.a\" > Name: only variables of the process, as proc.a, ")]
    [InlineData("a", "int(1)", "variable \"a\" > Name: invalid variable name 'a'")]
    public void What_needs_a_client_is_a_fault(string name, string value, string fault)
    {
        var builder = new ProxyBuilder();
        Asking(proxy => proxy.SetVariable(name, Value.Parse(value)))(builder);

        Assert.StartsWith(fault, Assert.Single(Proxy.Check(builder.Build())), StringComparison.Ordinal);
    }

    private Action<ProxyBuilder> Asking(Action<ProxyBuilder> configure) => proxy =>
    {
        configure(proxy);
        Compose([OkOrigin()], static f => f.OnResponse(static rules => rules.SetHeader("x-vars", Value.Format("%[var(proc.a)],%[var(proc.b)]"))))(proxy);
    };
}
