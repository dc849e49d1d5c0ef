using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class ParserFuzzTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "!", "or", "||", "x", "xint", "xip", "xver", "x_beg", "xany", "x,behind", "text(a,b)", "text(", "acl(TRUE)", "TRUE", "nosuch",
        "-i", "-m", "-n", "-M", "-u", "-f", "--", "str", "beg", "reg", "int", "ip", "bin", "len", "dir", "gt", "le", "5", "5:9", "9:5", "1.1", ":",
        "10.0.0.0/8", "::1", "[", "(a+)+", "a{2", "\\Q", "\"", "'", "\\", "\\x4", "é", "\0", "virt@f", "", "999999999999999999999",
    ];

    private static readonly string[] Whole =
        ["", "TRUE", "{ x a b }", "! { x -i -m beg a } or FALSE", "{ xint ge 5 le 9 } !{ xver 1.1:2 } || { x -m reg a.b }", "{ xip 10.0.0.0/8 ::1 }"];

    [Fact]
    public void Random_conditions_are_read_or_refused_with_a_reason()
    {
        var random = new Random(11);
        var language = Create();
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            List<string> words = [.. Whole[random.Next(Whole.Length)].Split(' ')];
            for (var j = random.Next(4); j > 0; j--)
            {
                words.Insert(random.Next(words.Count + 1), Pieces[random.Next(Pieces.Length)]);
                words.RemoveRange(random.Next(words.Count), random.Next(2));
            }

            read += IsRead(() => Match.Parse([.. words.Select(w => w == "xip" ? "x" : w)], null, language)) ? 1 : 0;
            IsRead(() => Match.Parse(string.Join(' ', words.Where(w => w != "xip")), language));
        }

        Assert.InRange(read, 1_000, 19_000);
    }

    [Fact]
    public void Random_text_is_read_or_refused_with_a_reason()
    {
        var random = new Random(12);
        var language = Create();
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder("{ x -m reg ");
            for (var j = random.Next(12); j > 0; j--)
            {
                text.Append("[]()^$\\:|*+?{}ab1,-.'\"# PQE<>=!x&~é"[random.Next(34)]);
            }

            IsRead(() => Match.Parse(text.Append(" }").ToString(), language));
        }
    }

    [Fact]
    public void Random_files_are_read_or_refused_with_a_reason()
    {
        var random = new Random(13);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            for (var j = 0; j < bytes.Length; j++)
            {
                bytes[j] = random.Next(4) == 0 ? (byte)"\n# \t"[random.Next(4)] : bytes[j];
            }

            foreach (var line in PatternFileReader.Parse(bytes, asMap: i % 2 == 0))
            {
                Assert.NotEmpty(line.Key);
            }
        }
    }

    private static bool IsRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (RuleFaultException e)
        {
            Assert.NotEmpty(e.Message);
            return false;
        }
    }
}
