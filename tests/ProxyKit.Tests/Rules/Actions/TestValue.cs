using System.Net;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>Values for actions to work with, without the language's own keywords.</summary>
internal static class TestValue
{
    /// <summary>No sample.</summary>
    public static Expression None { get; } = Of("none", SampleType.String, static (RuleContext _, ref Sample _) => false);

    public static Expression Text(string text) => Of("text", SampleType.String, (RuleContext _, ref Sample s) => s.SetString(Encoding.Latin1.GetBytes(text)));

    public static Expression Number(long number) => Of("number", SampleType.Integer, (RuleContext _, ref Sample s) => s.Set(number));

    public static Expression Binary(params byte[] bytes) => Of("binary", SampleType.Binary, (RuleContext _, ref Sample s) => s.SetBinary(bytes));

    public static Expression Address(string text) =>
        Of("address", SampleType.Address, (RuleContext _, ref Sample s) => s.Set(IPAddress.Parse(text)));

    /// <summary>The first field of a name in the message under way.</summary>
    public static Expression Field(string name) => Of("field", SampleType.String, (RuleContext context, ref Sample sample) =>
        (context.IsInResponse ? context.Response!.Headers : context.Request!.Headers).TryGetBytes(name, out var value) && sample.SetString(value));

    /// <summary>A value that is counted each time it is asked for.</summary>
    public static Expression Counting(string text, Action asked) => Of("counting", SampleType.String, (RuleContext _, ref Sample sample) =>
    {
        asked();
        return sample.SetString(Encoding.Latin1.GetBytes(text));
    });

    private static KeywordExpression Of(string name, SampleType type, SampleFetch fetch) =>
        new(new FetchKeyword { Name = name, Type = type, Create = _ => fetch }, KeywordArguments.None);
}
