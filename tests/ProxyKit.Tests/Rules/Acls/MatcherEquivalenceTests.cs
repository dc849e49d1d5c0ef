using System.Net;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Acls;

/// <summary>Each matcher against going through the list, over random lists of which some entries were removed.</summary>
public sealed class MatcherEquivalenceTests
{
    private const int Lists = 150;
    private const int Values = 60;

    private static readonly string[] Expressions =
        ["a", "b", "A", "\\.", "/", "[ab]", "[^a/]", "(a|b)", "(?:ab)", ".", "(?=a)", "(?!b)", "\\x61", "(b)\\1", "a|b", "\\b", "(?i:A)"];

    private static readonly string[] Quantifiers = ["*", "+", "?", "{2}", "{0,1}", "{1,}", "*?", "+?", "??"];

    private readonly RuleContext _context = new();

    [Theory]
    [InlineData("Exact")]
    [InlineData("Prefix")]
    [InlineData("Suffix")]
    [InlineData("Substring")]
    [InlineData("PathPart")]
    [InlineData("DomainPart")]
    public void Text_finds_what_going_through_the_list_finds(string name)
    {
        var method = Enum.Parse<MatchMethod>(name);
        var random = new Random(name.Length);
        for (var i = 0; i < Lists; i++)
        {
            var ignoresCase = i % 3 == 0;
            var file = FileOf(random, () => Text(random, 1, 5), out var index, new(method, ignoresCase));
            for (var j = 0; j < Values; j++)
            {
                var value = Text(random, 0, 9);
                var sample = default(Sample);
                sample.SetString(Encoding.ASCII.GetBytes(value));
                Check(file, index, in sample, key => IsMatch(method, value, key, ignoresCase), key => method == MatchMethod.Prefix ? key.Length : 0);
            }
        }
    }

    [Theory]
    [InlineData("str", "Exact")]
    [InlineData("beg", "Prefix")]
    [InlineData("end", "Suffix")]
    public void Written_patterns_hold_as_going_through_them_does(string word, string name)
    {
        var method = Enum.Parse<MatchMethod>(name);
        var random = new Random(name.Length);
        for (var i = 0; i < Lists; i++)
        {
            var ignoresCase = i % 3 == 0;
            string[] keys = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Text(random, 1, i % 2 == 0 ? 4 : 20))];
            var condition = AclLanguage.Condition($"{{ x -m {word} {(ignoresCase ? "-i " : "")}-- {string.Join(' ', keys)} }}");
            for (var j = 0; j < Values; j++)
            {
                var near = keys[random.Next(keys.Length)];
                var value = random.Next(3) switch
                {
                    0 => Text(random, 0, 9),
                    1 => near,
                    _ => Text(random, 0, 3) + (random.Next(2) == 0 ? near.ToUpperInvariant() : near) + Text(random, 0, 3),
                };
                Assert.Equal(
                    Array.Exists(keys, key => IsMatch(method, value, key, ignoresCase)), condition.Holds(AclLanguage.Exchange(value)));
            }
        }
    }

    [Fact]
    public void Integers_find_what_going_through_the_list_finds()
    {
        var random = new Random(21);
        for (var i = 0; i < Lists; i++)
        {
            var file = FileOf(random, () => Range(random), out var index, new(MatchMethod.Integer));
            for (var j = 0; j < Values; j++)
            {
                long value = random.Next(-2, 45);
                var sample = default(Sample);
                sample.Set(value);
                Check(file, index, in sample, key => IntegerRange.Parse(key, false) is var r && r.Low <= value && value <= r.High, static _ => 0);
            }
        }
    }

    [Fact]
    public void Addresses_find_what_going_through_the_list_finds()
    {
        var random = new Random(22);
        for (var i = 0; i < Lists; i++)
        {
            var file = FileOf(random, () => Net(random), out var index, new(MatchMethod.Address));
            for (var j = 0; j < Values; j++)
            {
                var address = IPAddress.Parse(random.Next(2) == 0
                    ? $"{random.Next(3)}.0.{random.Next(3)}.{random.Next(6)}"
                    : $"{(random.Next(2) == 0 ? "2001" : "3001")}::{random.Next(3):x}:{random.Next(6):x}");
                var sample = default(Sample);
                sample.Set(address);
                Check(
                    file, index, in sample,
                    key => IPNetwork.Parse(key).Contains(address),
                    static key => IPNetwork.Parse(key).PrefixLength);
            }
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200)] // more than one chunk
    public void Expressions_find_what_going_through_the_list_finds(int count)
    {
        var random = new Random(count);
        var file = new PatternFile("virt@list");
        file.Load(asMap: false);
        for (var i = 0; i < count; i++)
        {
            file.Add(Encoding.ASCII.GetBytes(random.Next(50) == 0 ? $"(?=p)p{i}$" : $"^p[{i % 10}]?{i}"));
        }

        var index = file.IndexFor(new(MatchMethod.Regex));
        for (var i = 0; i < 2 * count; i++)
        {
            if (i == count)
            {
                file.Remove(file.Dump()[3].Key);
                file.Add("^p1"u8);
            }

            var value = $"p{random.Next(count + 10)}";
            var sample = default(Sample);
            sample.SetString(Encoding.ASCII.GetBytes(value));
            Check(file, index, in sample, key => System.Text.RegularExpressions.Regex.IsMatch(value, key), static _ => 0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Expressions_of_all_kinds_find_what_going_through_the_list_finds(bool ignoresCase)
    {
        var random = new Random(23);
        var options = ignoresCase
            ? System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.CultureInvariant
            : System.Text.RegularExpressions.RegexOptions.CultureInvariant;
        var expressions = new Dictionary<string, System.Text.RegularExpressions.Regex>(); // which take long to make
        for (var i = 0; i < Lists; i++)
        {
            var file = FileOf(random, () => Expression(random), out var index, new(MatchMethod.Regex, ignoresCase));
            for (var j = 0; j < Values; j++)
            {
                var value = Text(random, 0, 9);
                var sample = default(Sample);
                sample.SetString(Encoding.ASCII.GetBytes(value));
                Check(file, index, in sample, key => Parsed(key).IsMatch(value), static _ => 0);
            }
        }

        System.Text.RegularExpressions.Regex Parsed(string key) =>
            expressions.TryGetValue(key, out var parsed) ? parsed : expressions[key] = new(key, options);
    }

    private static PatternFile FileOf(Random random, Func<string> key, out PatternIndex index, PatternStyle style)
    {
        var file = new PatternFile("virt@list");
        file.Load(asMap: false);
        if (random.Next(2) == 0)
        {
            Fill(random.Next(20)); // what is there at first is one part, what comes later several
        }

        index = file.IndexFor(style);
        Fill(random.Next(40));
        return file;

        void Fill(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var text = Encoding.ASCII.GetBytes(key());
                Assert.True(random.Next(4) > 0 ? file.Add(text, "v"u8) : file.Add(text));
                if (random.Next(4) == 0)
                {
                    file.Remove(Encoding.ASCII.GetBytes(key()));
                }
            }
        }
    }

    private void Check(PatternFile file, PatternIndex index, in Sample sample, Func<string, bool> matches, Func<string, int> rank)
    {
        var expected = file.Dump().Where(entry => matches(Encoding.ASCII.GetString(entry.Key)))
            .OrderByDescending(entry => rank(Encoding.ASCII.GetString(entry.Key))).ThenBy(entry => entry.Order).FirstOrDefault();
        Assert.Same(expected, index.Find(_context, in sample).Entry);
        Assert.Equal(expected is not null, index.Matches(_context, in sample));
        _context.Scratch.Reset();
    }

    private static bool IsMatch(MatchMethod method, string value, string key, bool ignoresCase)
    {
        var comparison = ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var delimiters = method == MatchMethod.PathPart ? "/?" : "/?.:";
        switch (method)
        {
            case MatchMethod.Exact:
                return value.Equals(key, comparison);
            case MatchMethod.Prefix:
                return value.StartsWith(key, comparison);
            case MatchMethod.Suffix:
                return value.EndsWith(key, comparison);
            case MatchMethod.Substring:
                return value.Contains(key, comparison);
            default:
                var part = key.Trim(delimiters.ToCharArray());
                return part.Length > 0 && Enumerable.Range(0, value.Length).Any(at =>
                    string.Compare(value, at, part, 0, part.Length, comparison) == 0
                    && at + part.Length <= value.Length
                    && (at == 0 || delimiters.Contains(value[at - 1], StringComparison.Ordinal))
                    && (at + part.Length == value.Length || delimiters.Contains(value[at + part.Length], StringComparison.Ordinal)));
        }
    }

    private static string Text(Random random, int least, int most) =>
        new([.. Enumerable.Range(0, random.Next(least, most)).Select(_ => "aabAB/.?"[random.Next(8)])]);

    private static string Expression(Random random) =>
        (random.Next(4) == 0 ? "^" : "")
        + string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
            Expressions[random.Next(Expressions.Length)] + (random.Next(3) == 0 ? Quantifiers[random.Next(Quantifiers.Length)] : "")))
        + (random.Next(4) == 0 ? "$" : "");

    private static string Range(Random random)
    {
        var low = random.Next(40);
        return random.Next(6) switch
        {
            0 => $"{low}:",
            1 => $":{low}",
            2 or 3 => $"{low}",
            _ => $"{low}:{low + random.Next(12)}",
        };
    }

    private static string Net(Random random)
    {
        var isIPv4 = random.Next(2) == 0;
        var bits = isIPv4 ? new[] { 32, 31, 30, 24, 16, 8, 0 }[random.Next(7)] : new[] { 128, 126, 112, 96, 16 }[random.Next(5)];
        var address = IPAddress.Parse(isIPv4
            ? $"{random.Next(3)}.0.{random.Next(3)}.{random.Next(6)}"
            : $"2001::{random.Next(3):x}:{random.Next(6):x}").GetAddressBytes();
        for (var bit = bits; bit < address.Length * 8; bit++)
        {
            address[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(address)}/{bits}";
    }
}
