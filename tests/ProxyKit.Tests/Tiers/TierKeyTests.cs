using System.Text;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

public sealed class TierKeyTests
{
    [Fact]
    public void Long_key_stands_under_its_hash()
    {
        var (admission, other) = (new Admission(), new Admission());

        TierKey.Set(admission, Encoding.ASCII.GetBytes(new string('x', 5000)));
        TierKey.Set(other, Encoding.ASCII.GetBytes(new string('x', 4999) + "y"));

        Assert.StartsWith("sha256-", Encoding.ASCII.GetString(admission.Key.Span), StringComparison.Ordinal);
        Assert.Equal(71, admission.Key.Length);
        Assert.NotEqual(admission.Key.ToArray(), other.Key.ToArray());
    }

    [Fact]
    public void Key_of_the_longest_length_stands_for_itself()
    {
        var admission = new Admission();
        var key = Encoding.ASCII.GetBytes(new string('x', TierKey.MostBytes));

        TierKey.Set(admission, key);

        Assert.Equal(key, admission.Key.ToArray());
    }

    /// <summary>Whatever the parts are, keys of different parts differ.</summary>
    [Fact]
    public void Parts_can_be_told_from_their_key()
    {
        string[] pieces = ["", "a", "|", "\\", "a|", "|a", "\\|", "a\\", "\\\\"];
        var keys = new HashSet<string>();
        foreach (var first in pieces)
        {
            foreach (var second in pieces)
            {
                Assert.True(keys.Add(KeyOf(first, second)), $"'{first}' and '{second}'");
            }
        }
    }

    private static string KeyOf(string first, string second)
    {
        var key = new byte[64];
        var length = TierKey.Append(Encoding.ASCII.GetBytes(first), isFirst: true, key);
        length += TierKey.Append(Encoding.ASCII.GetBytes(second), isFirst: false, key.AsSpan(length));
        return Encoding.ASCII.GetString(key, 0, length);
    }
}
