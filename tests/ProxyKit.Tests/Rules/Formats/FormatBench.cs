using System.Net;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Captures;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Samples;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

/// <summary>Writes formats for an exchange, with a few words of its own to put into expressions.</summary>
internal static class FormatBench
{
    /// <summary>The language with fetches that yield what their argument says, in Latin-1: <c>t.str(a)</c>, <c>t.int(-3)</c>, <c>t.bool(1)</c>,
    /// <c>t.bin(00ff)</c>; with <c>t.none</c>, which never has a value and <c>t.pending</c>, which says that it may have one; with
    /// <c>t.request</c>, known in requests only; and with the converter <c>t.twice</c>.</summary>
    public static RuleLanguage Language { get; } = CreateLanguage();

    /// <summary>What formats are asked about: an exchange of a frontend that captures.</summary>
    public static RuleContext ContextOf(LoggedExchange exchange, params Capture[] captures) => ContextOf(new FormatHost(exchange), exchange, captures);

    public static RuleContext ContextOf(IRuleHost host, LoggedExchange exchange, params Capture[] captures)
    {
        var context = TestExchange.For("/").Context;
        context.Host = host;
        context.Session.Source = exchange.Client;
        context.Session.Destination = IPEndPoint.Parse("198.51.100.4:8443");
        context.Frontend = Facts(captures);
        return context;
    }

    public static FrontendFacts Facts(params Capture[] captures) => new()
    {
        Name = "edge",
        Id = 2,
        DefaultBackend = null,
        Connections = static () => 0,
        ClientTimeout = null,
        TarpitTimeout = null,
        Captures = new CapturePlan(captures),
    };

    public static CompiledFormat Compile(string format, FormatUse use = FormatUse.Log, TimeZoneInfo? zone = null) =>
        LogFormat.Parse(format, Language, use).CompileFormat(new RuleCompiler { Zone = zone ?? TimeZoneInfo.Utc });

    /// <summary>What a format makes of an exchange.</summary>
    public static string Write(string format, LoggedExchange? exchange = null, FormatUse use = FormatUse.Log) =>
        Write(Compile(format, use), ContextOf(exchange ?? new LoggedExchange()));

    public static string Write(string format, RuleContext context, FormatUse use = FormatUse.Log) => Write(Compile(format, use), context);

    public static string Write(CompiledFormat format, RuleContext context, int limit = CompiledFormat.MaxLine)
    {
        var buffer = new FormatBuffer(limit);
        try
        {
            format.Write(context, ref buffer);
            return Encoding.Latin1.GetString(buffer.Written);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static RuleLanguage CreateLanguage()
    {
        KeywordArgument[] text = [new("value", ArgumentKind.Text, IsOptional: true)];
        KeywordArgument[] number = [new("value", ArgumentKind.Integer)];
        return new RuleLanguage()
            .Add(new FetchKeyword
            {
                Name = "t.str",
                Type = SampleType.String,
                Arguments = text,
                Create = static use =>
                {
                    var bytes = Encoding.Latin1.GetBytes(use.Arguments.Text(0));
                    return (_, ref sample) => sample.SetString(bytes);
                },
            })
            .Add(new FetchKeyword
            {
                Name = "t.int",
                Type = SampleType.Integer,
                Arguments = number,
                Create = static use =>
                {
                    var value = use.Arguments.Integer(0);
                    return (_, ref sample) => sample.Set(value);
                },
            })
            .Add(new FetchKeyword
            {
                Name = "t.bool",
                Type = SampleType.Boolean,
                Arguments = number,
                Create = static use =>
                {
                    var value = use.Arguments.Integer(0) != 0;
                    return (_, ref sample) => sample.Set(value);
                },
            })
            .Add(new FetchKeyword
            {
                Name = "t.bin",
                Type = SampleType.Binary,
                Arguments = text,
                Create = static use =>
                {
                    var bytes = Convert.FromHexString(use.Arguments.Text(0));
                    return (_, ref sample) => sample.SetBinary(bytes);
                },
            })
            .Add(new FetchKeyword { Name = "t.none", Type = SampleType.String, Create = static _ => (_, ref _) => false })
            .Add(new FetchKeyword { Name = "t.noint", Type = SampleType.Integer, Create = static _ => (_, ref _) => false })
            .Add(new FetchKeyword
            {
                Name = "t.pending",
                Type = SampleType.String,
                IsVolatile = true,
                Create = static _ => (context, ref _) =>
                {
                    context.IsPending = true;
                    return false;
                },
            })
            .Add(new FetchKeyword
            {
                Name = "t.request",
                Type = SampleType.String,
                Stages = RuleStages.OfRequest,
                Create = static _ => (context, ref sample) => sample.SetString(context.Request!.PathBytes),
            })
            .Add(new ConverterKeyword
            {
                Name = "t.twice",
                Input = SampleType.String,
                Output = SampleType.String,
                Create = static _ => (context, ref sample) =>
                {
                    var twice = context.Scratch.Rent(2 * sample.Bytes.Length);
                    sample.Bytes.CopyTo(twice);
                    sample.Bytes.CopyTo(twice[sample.Bytes.Length..]);
                    return sample.SetString(twice);
                },
            });
    }
}
