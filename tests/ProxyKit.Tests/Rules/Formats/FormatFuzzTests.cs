using System.Text.Json;
using ProxyKit.Rules;
using ProxyKit.Rules.Formats;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class FormatFuzzTests
{
    private static readonly string[] Pieces =
    [
        "%", "%%", "{", "}", "[", "]", "(", ")", "+", "-", "Q", "X", "E", "json", "cbor", "bin", ",", ":", "str", "sint", "bool", "o", "ci", "cp",
        "hr", "HQ", "r", "ST", "t.str", "t.int", "t.none", "t.bin(00ff)", "t.twice", "\"", "'", "\\", " ", "  ", "a", "5", "\u00e9", "\n", "%ci",
        "%{+Q}r", "%{+json}o", "%(n)", "%(n:sint)", "%[t.str(x)]", "%[t.none]", "%{+X}", "%{+cbor}o", "%hrl",
    ];

    [Fact]
    public void Any_text_is_a_format_or_a_fault()
    {
        var random = new Random(20251121);
        var context = FormatBench.ContextOf(new LoggedExchange(), Capture.RequestSlot(3));
        var written = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            foreach (var use in Enum.GetValues<FormatUse>())
            {
                try
                {
                    var line = FormatBench.Write(FormatBench.Compile(text, use), context, limit: random.Next(1, 200));
                    written++;
                    Assert.True(use == FormatUse.Raw || !line.Contains('\n', StringComparison.Ordinal) || text.Contains('\n', StringComparison.Ordinal));
                }
                catch (RuleFaultException e)
                {
                    Assert.NotEmpty(e.Message);
                    break; // it is none for any use
                }
            }

            context.Scratch.Reset();
        }

        Assert.True(written > 10_000, $"only {written} formats were any");
    }

    [Fact]
    public void Any_bytes_of_a_client_stay_within_their_place()
    {
        var random = new Random(7);
        var json = FormatBench.Compile("%{+json}o%(r)r%(h)hr%(l)hrl");
        var line = FormatBench.Compile("%{+Q}r %hr %{+Q}[t.bin(22)]");
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            var context = FormatBench.ContextOf(new LoggedExchange { RequestLine = bytes }, Capture.RequestSlot(30));
            context.RequestCaptures.Set(0, bytes, 30);

            using var parsed = JsonDocument.Parse(System.Text.Encoding.Latin1.GetBytes(FormatBench.Write(json, context)));
            Assert.Equal(3, parsed.RootElement.EnumerateObject().Count());
            var text = FormatBench.Write(line, context);
            Assert.DoesNotContain(text, static c => c is < ' ' or > '~');
            Assert.Equal(4, text.Count(static c => c == '"'));
            Assert.Equal(2, text.Count(static c => c is '{' or '}') - bytes.Count(static b => b is (byte)'{' or (byte)'}'));
        }
    }
}
