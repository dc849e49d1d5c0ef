using System.Globalization;
using System.Net;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Acls;

/// <summary>A small language for tests: values from the argument of the fetch, or from fields named X; and conditions put to use.</summary>
internal static class AclLanguage
{
    public static RuleLanguage Create()
    {
        var language = new RuleLanguage();
        foreach (var keyword in Fetches())
        {
            language.Add(keyword);
        }

        language.Add(new ConverterKeyword
        {
            Name = "behind",
            Input = SampleType.String,
            Output = SampleType.String,
            Create = static _ => static (_, ref sample) =>
                sample.Bytes.IndexOf((byte)'-') is >= 0 and var at && sample.SetString(sample.Bytes[(at + 1)..]),
        });
        return language;
    }

    /// <summary>The condition that is written, put to use.</summary>
    public static Condition Condition(string text, RuleCompiler? compiler = null, Func<string, Condition?>? acls = null) =>
        Match.Parse(ProxyKit.Rules.Acls.ConditionText.Split(text), acls, Create()).Compile(compiler ?? new RuleCompiler());

    /// <summary>Whether the condition holds for a request with the value in X.</summary>
    public static bool Holds(string text, params string[] values) => Condition(text).Holds(Exchange(values));

    public static TestExchange Exchange(params string[] values) =>
        TestExchange.Of(["GET / HTTP/1.1", "Host: a.example", .. values.Select(value => $"X: {value}")]).From("10.1.2.3");

    /// <summary>The fault of a condition that cannot be put to use.</summary>
    public static string Fault(string text, RuleCompiler? compiler = null) =>
        Assert.Throws<RuleFaultException>(() => Condition(text, compiler)).Message;

    private static IEnumerable<FetchKeyword> Fetches()
    {
        KeywordArgument[] text = [new("text", IsOptional: true)];
        yield return Keyword("x", SampleType.String, FetchX);
        yield return Keyword("xbin", SampleType.Binary, (context, ref sample) => FetchX(context, ref sample) && sample.SetBinary(sample.Bytes));
        yield return Keyword("xint", SampleType.Integer, FetchNumber);
        yield return Keyword("xver", SampleType.Integer, FetchNumber, "dotted");
        yield return Keyword("xbool", SampleType.Boolean, (context, ref sample) => FetchNumber(context, ref sample) && sample.Set(sample.IsTrue));
        yield return Keyword("xip", SampleType.Address, (context, ref sample) =>
            FetchX(context, ref sample) && sample.Set(IPAddress.Parse(Encoding.ASCII.GetString(sample.Bytes))));
        yield return Keyword("xip6", SampleType.IPv6, (context, ref sample) =>
            FetchX(context, ref sample) && ProxyKit.Transport.AddressReader.TryReadIPv6(sample.Bytes, out var bits) && sample.SetIPv6(bits));
        yield return Keyword("xany", SampleType.Any, FetchX);
        yield return Keyword("xhdrs", SampleType.String, FetchX, "");
        yield return Keyword("xhex", SampleType.Binary, FetchX, "hex", conditionsOnly: true);
        yield return Keyword("x_beg", SampleType.String, FetchX, "beg", conditionsOnly: true);
        yield return Keyword("xmeth", SampleType.Method, (context, ref sample) => FetchX(context, ref sample) && sample.SetMethod(sample.Bytes));
        yield return Keyword("later", SampleType.Integer, static (context, ref sample) => Pend(context));
        yield return new()
        {
            Name = "clock",
            Type = SampleType.Integer,
            Create = static _ => static (_, ref sample) => sample.Set(7),
            IsVolatile = true,
        };
        yield return new()
        {
            Name = "is",
            Type = SampleType.Boolean,
            Arguments = text,
            Create = static use =>
            {
                var holds = use.Arguments.Text(0) == "1";
                return (_, ref sample) => sample.Set(holds);
            },
        };
        yield return new()
        {
            Name = "text",
            Type = SampleType.String,
            Arguments = text,
            Create = static use =>
            {
                var bytes = Encoding.Latin1.GetBytes(use.Arguments.Text(0));
                return (_, ref sample) => sample.SetString(bytes);
            },
        };
    }

    private static bool Pend(RuleContext context)
    {
        context.IsPending = !context.HasAll;
        return false;
    }

    private static FetchKeyword Keyword(
        string name, SampleType type, SampleFetch fetch, string? match = null, bool conditionsOnly = false) => new()
        {
            Name = name,
            Type = type,
            Create = _ => fetch,
            DefaultMatch = match,
            IsForConditionsOnly = conditionsOnly,
        };

    private static bool FetchNumber(RuleContext context, ref Sample sample) =>
        FetchX(context, ref sample) && sample.Set(long.Parse(sample.Bytes, CultureInfo.InvariantCulture));

    /// <summary>The lines of X, one after the other.</summary>
    private static bool FetchX(RuleContext context, ref Sample sample)
    {
        var headers = context.Request!.Headers;
        var found = 0;
        var isSet = false;
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (!headers.NameAt(i).SequenceEqual("X"u8))
            {
                continue;
            }

            if (found == sample.Cursor)
            {
                isSet = sample.SetString(headers.ValueAt(i));
                sample.HasMore = false;
            }
            else if (found > sample.Cursor)
            {
                sample.Cursor = found;
                sample.HasMore = true;
                break;
            }

            found++;
        }

        return isSet;
    }
}
