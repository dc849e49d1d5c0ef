using System.Text;
using ProxyKit.Rules.Explaining;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Explaining;

public sealed class ShownTests
{
    [Fact]
    public void Bytes_that_are_not_printable_are_written_as_numbers()
    {
        var bytes = Enumerable.Range(0, 256).Select(static i => (byte)i).ToArray();

        var shown = Shown.Bytes(bytes);

        Assert.DoesNotContain(shown, static c => c is < ' ' or > '~');
        Assert.Contains("\\x1B", shown, StringComparison.Ordinal);
        Assert.Contains("\\\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_values_are_cut_with_their_length() =>
        Assert.Equal($"\"{new string('a', 256)}\"… (300 bytes)", Shown.Bytes(Encoding.ASCII.GetBytes(new string('a', 300))));

    [Fact]
    public void Texts_keep_letters_and_lose_what_turns_lines_round() =>
        Assert.Equal("é \\x1B[2J \\u202E \\u2028", Shown.Text("é \u001b[2J \u202e \u2028"));

    [Fact]
    public void Long_texts_are_cut_with_their_length() =>
        Assert.Equal($"{new string('a', 992)}… (2000 characters)", Shown.Text(new string('a', 2000)));

    [Fact]
    public void Numbers_and_addresses_stand_without_quotes()
    {
        var sample = default(Sample);
        sample.Set(true);
        Assert.Equal("true", Shown.Value(in sample));
        sample.Set(5L);
        Assert.Equal("5", Shown.Value(in sample));
        sample.SetIPv4(0x0a000001);
        Assert.Equal("10.0.0.1", Shown.Value(in sample));
    }
}
