using ProxyKit.Rules;
using ProxyKit.Tool.CSharp;

namespace ProxyKit.Tool.Tests.CSharp;

public sealed class ConditionCodeTests
{
    private static readonly Condition A = Match.Parse("{ path /a }");
    private static readonly Condition B = Match.Parse("{ path /b }");
    private static readonly Condition Typed = Match.Path("/c");

    public static TheoryData<string, string> Conditions => new()
    {
        { "words side by side", """Match.Parse("{ path /a } !{ path /b }")""" },
        { "words or words", """Match.Parse("{ path /a } { path /b } or { path /b }")""" },
        { "words turned round", """!Match.Parse("{ path /a }")""" },
        { "several turned round", """!Match.Parse("{ path /a } { path /b }")""" },
        { "typed", """Match.Path("/c")""" },
        { "typed and words", """Match.Path("/c") & Match.Parse("{ path /a } { path /b }")""" },
        { "or within and", """Match.Path("/c") & Match.Parse("{ path /a } or { path /b }")""" },
        { "typed or within and", """(Match.Path("/c") | Match.Parse("{ path /a }")) & Match.Parse("{ path /b }")""" },
        { "typed turned round", """!(Match.Path("/c") & Match.Parse("{ path /a }"))""" },
        { "predefined", """Match.Parse("METH_GET !{ path /a }")""" },
        { "quotes", """Match.Parse("{ path '/a b' \"it's\" }")""" },
        { "a brace", """Match.ParseAcl(["path", "}"])""" },
        { "options", """Match.Path("/c", ignoreCase: true)""" },
        { "several", """Match.Host("a.example", "*.b.example")""" },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Condition_is_written_as_one_would_write_it(string which, string code)
    {
        Assert.Equal(code, Write(Make(which)));
    }

    [Fact]
    public void Condition_with_a_name_is_a_variable_where_it_was_declared()
    {
        var named = Match.Named("is_a", A);
        var writer = new ValueWriter(new TypeNames(), []).Conditions;

        var declarations = writer.Declare([named & Typed, Match.Named("is_a", Match.Parse("{ path /a }")), Match.Named("is.a", B)]);

        Assert.Equal(
            ["""var isA = Match.Named("is_a", Match.Parse("{ path /a }"))""", """var isA2 = Match.Named("is.a", Match.Parse("{ path /b }"))"""],
            declarations.Select(static d => d.Flat));
        Assert.Equal("""!isA & Match.Path("/c") & Match.Parse("{ path /b }")""", writer.Write(!named & Typed & B).Flat);
    }

    [Fact]
    public void Condition_with_code_in_it_is_a_fault()
    {
        var faults = new List<string>();

        new ValueWriter(new TypeNames(), faults).Write(A & Match.When("it is late", static _ => true));

        Assert.Equal(["the condition 'it is late', which has code or words of a user's own in it,"], faults);
    }

    private static Condition Make(string which) => which switch
    {
        "words side by side" => A & !B,
        "words or words" => (A & B) | B,
        "words turned round" => !A,
        "several turned round" => !(A & B),
        "typed" => Typed,
        "typed and words" => Typed & A & B,
        "or within and" => Typed & (A | B),
        "typed or within and" => (Typed | A) & B,
        "typed turned round" => !(Typed & A),
        "predefined" => Match.Parse("METH_GET") & !A,
        "quotes" => Match.Parse("""{ path "/a b" "it's" }"""),
        "a brace" => Match.ParseAcl(["path", "}"]),
        "options" => Match.Path("/c", ignoreCase: true),
        _ => Match.Host("a.example", "*.b.example"),
    };

    private static string? Write(Condition condition)
    {
        var faults = new List<string>();
        var code = new ValueWriter(new TypeNames(), faults).Write(condition).Flat;
        Assert.Empty(faults);
        return code;
    }
}
