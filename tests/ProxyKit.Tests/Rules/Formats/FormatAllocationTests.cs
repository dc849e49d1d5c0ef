using ProxyKit.Rules;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Samples;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class FormatAllocationTests
{
    [Theory]
    [InlineData(AccessLogFormats.Http)]
    [InlineData(AccessLogFormats.Tcp)]
    [InlineData(AccessLogFormats.Clf)]
    [InlineData("%{+json}o %(ts)t %(client)ci %(status:sint)ST %(ms:sint)Ta %(req)r %(tier)[t.str(gold)] %(h)hrl")]
    [InlineData("%{+cbor}o %(ts)t %(client)ci %(status:sint)ST %(req)r %(h)hr")]
    [InlineData("%{+X}ci %[t.str(a),t.twice] %[t.int(5)] %ID %CC %{+E}r %Tl")]
    public void A_line_allocates_nothing(string format)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), null, null);
        var compiled = FormatBench.Compile(format, zone: zone);
        var context = FormatBench.ContextOf(new LoggedExchange(), Capture.RequestHeader("Host", 40), Capture.ResponseHeader("Via", 40), Capture.Cookie("a=", 20));
        context.RequestCaptures.Set(0, "shop.example"u8, 40);
        context.KeptTexts.Set(0, "a=b"u8, 20);
        context.Frontend!.UniqueId = new UniqueId(FormatBench.Compile("%{+X}o%ci:%cp-%Ts-%rt", FormatUse.UniqueId), null);

        AssertAllocatesNothing(() =>
        {
            var buffer = new FormatBuffer(CompiledFormat.MaxLine);
            compiled.Write(context, ref buffer);
            Assert.True(buffer.Length > 40);
            buffer.Dispose();
            context.Scratch.Reset();
        });
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("%[t.str(a)]")]
    [InlineData("%[t.str(\\n)]")]
    [InlineData("https://%[t.str(a),t.twice]%HU?from=%ci&%[t.none]")]
    [InlineData("%{+X}o%ci:%cp-%Ts-%rt")]
    public void A_header_field_allocates_nothing(string format)
    {
        var compiled = Value.Format(format, FormatBench.Language).Compile(new RuleCompiler());
        var context = FormatBench.ContextOf(new LoggedExchange());

        AssertAllocatesNothing(() =>
        {
            var sample = default(Sample);
            Assert.True(compiled.TryEvaluate(context, ref sample));
            context.Scratch.Reset();
        });
    }

    private static void AssertAllocatesNothing(Action action)
    {
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                action();
            }
        });
    }
}
