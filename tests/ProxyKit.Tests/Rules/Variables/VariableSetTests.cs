using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Tests.Rules.Variables;

public sealed class VariableSetTests
{
    private static readonly UInt128 Address = new(0x20010db800000000, 0x8000000000000001);

    [Fact]
    public void Each_place_keeps_a_value_of_its_own()
    {
        var set = new VariableSet();
        Set(set, 0, static (ref Sample sample) => sample.Set(true));
        Set(set, 1, static (ref Sample sample) => sample.Set(-5L));
        Set(set, 2, static (ref Sample sample) => sample.SetString("text"u8));
        Set(set, 9, static (ref Sample sample) => sample.SetIPv6(Address));

        Assert.Equal(["1", "-5", "text", null, "2001:db8::8000:0:0:1"], ((int[])[0, 1, 2, 3, 9]).Select(slot => TextOf(set, slot)));
        var sample = default(Sample);
        Assert.True(set.TryGet(9, ref sample) && sample.IPv6 == Address);
    }

    [Fact]
    public void A_value_takes_the_place_of_the_one_before_it()
    {
        var set = new VariableSet();
        Set(set, 0, static (ref Sample sample) => sample.SetIPv6(Address));
        Set(set, 0, static (ref Sample sample) => sample.SetString("a rather long text that is longer than the first buffer"u8));
        Set(set, 0, static (ref Sample sample) => sample.SetString("short"u8));
        Assert.Equal("short", TextOf(set, 0));

        Set(set, 0, static (ref Sample sample) => sample.Set(7L));
        Assert.Equal("7", TextOf(set, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void What_is_taken_away_is_gone(int slot)
    {
        var set = new VariableSet();
        Assert.True(set.IsEmpty);
        set.Unset(slot);
        Set(set, slot, static (ref Sample sample) => sample.Set(7L));
        Assert.False(set.IsEmpty);

        set.Unset(slot);
        Assert.Null(TextOf(set, slot));
        Assert.True(set.IsEmpty);

        Set(set, slot, static (ref Sample sample) => sample.Set(8L));
        set.Clear();
        Assert.Null(TextOf(set, slot));
        Assert.True(set.IsEmpty);
    }

    private delegate bool Setter(ref Sample sample);

    private static void Set(VariableSet set, int slot, Setter to)
    {
        var sample = default(Sample);
        Assert.True(to(ref sample));
        set.Set(slot, in sample);
    }

    private static string? TextOf(VariableSet set, int slot)
    {
        var sample = default(Sample);
        return set.TryGet(slot, ref sample) ? sample.ToString() : null;
    }
}
