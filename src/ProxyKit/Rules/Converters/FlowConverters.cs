using System.Globalization;
using System.Text;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Converters that pass on what they are given: under a condition, or after it was written down.</summary>
internal static class FlowConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("when", SampleType.Any, SampleType.Any, When, Argument.Text("condition"), Argument.OptionalText("argument")),
        Converter.Of("debug", SampleType.Any, SampleType.Any, Debug, Argument.OptionalText("prefix"), Argument.OptionalText("destination")),
        Converter.Of(
            "capture-req", SampleType.String, SampleType.String,
            static use => Capture(use, static (f, slot) => f.Captures.RequestLength(slot), static c => c.RequestCaptures), Argument.Integer("id")),
        Converter.Of(
            "capture-res", SampleType.String, SampleType.String,
            static use => Capture(use, static (f, slot) => f.Captures.ResponseLength(slot), static c => c.ResponseCaptures), Argument.Integer("id")),
    ];

    private static SampleConverter When(KeywordUse use)
    {
        var word = use.Arguments.Text(0);
        var negates = word.StartsWith('!');
        Func<RuleContext, bool> condition = word.TrimStart('!') switch
        {
            "error" => HasFailed,
            "normal" => static context => !HasFailed(context),
            "forwarded" => static context => context.Server is not null,
            "toapplet" => static context => context.Verdict is not null,
            "processed" => static context => context.Server is not null || context.Verdict is not null,
            "acl" => HoldsFor(use),
            "stopping" => IsStopping(use.Compiler),
            _ => throw new FormatException($"unknown condition '{word}'"),
        };
        return (context, ref _) => condition(context) != negates;
    }

    private static Func<RuleContext, bool> IsStopping(RuleCompiler compiler)
    {
        var isStopping = compiler.IsStopping;
        return _ => isStopping();
    }

    private static Func<RuleContext, bool> HoldsFor(KeywordUse use)
    {
        var acl = AclFetches.Compile(use.Compiler, use.Arguments.Text(1));
        return context => acl.Evaluate(context) == Truth.True; // what cannot be told yet does not hold yet
    }

    private static bool HasFailed(RuleContext context)
    {
        if (context.Response?.Status >= 500)
        {
            return true;
        }

        if (context.Host is null)
        {
            return false;
        }

        var record = context.Host.Describe();
        return record.Status >= 500 || record.Retries > 0 || record.Redispatched || record.Cause is not ('-' or '\0');
    }

    private static SampleConverter Debug(KeywordUse use)
    {
        var prefix = use.Arguments.IsGiven(0) ? use.Arguments.Text(0) + ": " : "";
        var destination = use.Arguments.IsGiven(1) ? use.Arguments.Text(1) : DebugLines.DefaultName;
        Action<string> write = destination switch
        {
            "stdout" => Console.Out.WriteLine,
            "stderr" => Console.Error.WriteLine,
            DebugLines.DefaultName => use.Compiler.Shared(destination, static _ => new DebugLines()).Add,
            _ => throw new FormatException($"No such sink '{destination}'"),
        };
        return (context, ref sample) =>
        {
            var text = sample;
            var shown = SampleCasts.TryCast(context, ref text, SampleType.String) ? $"<{Printable(text.Bytes)}>" : "(undisplayable)";
            write(string.Create(CultureInfo.InvariantCulture, $"[debug] {prefix}type={NameOf(sample.Type)} {shown}"));
            return true;
        };
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        }

        return text.ToString();
    }

    private static string NameOf(SampleType type) => type switch
    {
        SampleType.Boolean => "bool",
        SampleType.Integer => "sint",
        SampleType.IPv4 => "ipv4",
        SampleType.IPv6 => "ipv6",
        SampleType.String => "str",
        SampleType.Binary => "bin",
        SampleType.Method => "meth",
        _ => "any",
    };

    private static SampleConverter Capture(
        KeywordUse use, Func<FrontendFacts, int, int?> lengthOf, Func<RuleContext, CaptureSet> captures)
    {
        var slot = (int)Math.Min(use.Arguments.Integer(0), int.MaxValue);
        return slot < 0
            ? throw new FormatException("the id must not be negative")
            : (context, ref sample) =>
            {
                if (context.Frontend is null || lengthOf(context.Frontend, slot) is not { } length)
                {
                    return false;
                }

                captures(context).Set(slot, sample.Bytes, length);
                return true;
            };
    }
}
