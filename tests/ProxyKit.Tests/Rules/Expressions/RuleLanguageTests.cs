using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Expressions;

public sealed class RuleLanguageTests
{
    [Fact]
    public void An_action_is_made_of_the_arguments_of_a_line()
    {
        var language = new RuleLanguage().AddAction("tag", args => RuleActions.SetHeader("X-Tag", args.Text(0)), new KeywordArgument("tag"));

        var keyword = language.FindAction("tag")!;

        Assert.Equal(["tag"], language.ActionNames);
        Assert.Equal("tag", Assert.Single(keyword.Arguments).Name);
        Assert.Equal("set-header X-Tag gold", keyword.Create("gold").ToString());
        Assert.Null(language.FindAction("Tag"));
    }

    [Fact]
    public void An_action_of_a_name_that_is_taken_is_refused()
    {
        var language = new RuleLanguage().AddAction("tag", _ => RuleActions.Allow);

        Assert.Throws<ArgumentException>("name", () => language.AddAction("tag", _ => RuleActions.Allow));
        Assert.Throws<ArgumentException>("name", () => language.AddAction(" ", _ => RuleActions.Allow));
    }

    [Fact]
    public void What_an_action_throws_when_it_is_made_is_a_fault()
    {
        var language = new RuleLanguage().AddAction("tag", static _ => throw new FormatException("no tag"));

        Assert.Equal("no tag", Assert.Throws<RuleFaultException>(() => language.FindAction("tag")!.Create()).Message);
    }

    [Fact]
    public void Arguments_of_a_keyword_are_no_null()
    {
        Assert.Throws<ArgumentNullException>(static () => new FetchKeyword { Name = "a", Type = SampleType.String, Create = static _ => throw new NotSupportedException(), Arguments = null! });
        Assert.Throws<ArgumentNullException>(static () => new ConverterKeyword
        {
            Name = "a", Input = SampleType.String, Output = SampleType.String, Create = static _ => throw new NotSupportedException(), Arguments = null!,
        });
    }
}
