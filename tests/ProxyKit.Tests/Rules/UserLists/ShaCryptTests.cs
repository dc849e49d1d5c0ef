using System.Text;
using ProxyKit.Rules.UserLists;

namespace ProxyKit.Tests.Rules.UserLists;

public sealed class ShaCryptTests
{
    [Theory]
    [InlineData("$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!")]
    [InlineData("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1", "Hello world!")]
    [InlineData(
        "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
        "Hello world!")]
    [InlineData("$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA", "Hello world!")]
    [InlineData("$5$rounds=10000$saltstringsaltstring$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA", "Hello world!")] // cut at 16
    [InlineData(
        "$5$rounds=1400$anotherlongsalt$J9aeb3JM21zj/EljRn5hrItEtVATsqy4LkW.9wJMa.B",
        "a very much longer text to encrypt.  This one even stretches over morethan one line.")]
    [InlineData(
        "$6$0123456789abcdef$Mm7jJRxBkSuy/8sRqS1xoWnR4rp7uF.oDXn80o.O7lgtNB2mXTalaj78.4OMmDjnMD0LAhITPA4Fxt1/TstMd0",
        "éééééééééééééééééééééééééééééééééééééééé")]
    public void Hash_matches_its_password_and_no_other(string text, string password)
    {
        Assert.True(ShaCrypt.TryParse(text, out var hash));
        Assert.True(hash.Matches(Encoding.UTF8.GetBytes(password)));
        Assert.False(hash.Matches(Encoding.UTF8.GetBytes(password + "x")));
        Assert.False(hash.Matches(""u8));
    }

    /// <summary>As crypt(3) has it, and haproxy with it: what a longer one costs would hold up a thread for the third of a second.</summary>
    [Theory]
    [InlineData("$5$saltstring$kgqaNXY5tz0cp40e.7LJJyKIKHEuWY.FGe.SXxU8Zn2", 511, true)]
    [InlineData("$5$saltstring$wCREt2AVJVT/SXYN3dn244tDORh4UzTm8c3xrXknHTC", 512, false)]
    public void Password_of_more_than_511_bytes_is_never_right(string text, int length, bool expected)
    {
        Assert.True(ShaCrypt.TryParse(text, out var hash));
        Assert.Equal(expected, hash.Matches(Encoding.ASCII.GetBytes(new string('x', length))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$1$saltstring$yAH3grArWf7jbcK87i10B.")]
    [InlineData("$2y$10$abcdefghijklmnopqrstuuxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("$5$saltstring")]
    [InlineData("$5$saltstring$")]
    [InlineData("$5$saltstring$tooshort")]
    [InlineData("$5$rounds=x$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5")]
    public void Hash_of_another_kind_is_not_read(string text) => Assert.False(ShaCrypt.TryParse(text, out _));
}
