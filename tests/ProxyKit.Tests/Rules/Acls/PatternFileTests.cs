using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class PatternFileTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string[] Dump(PatternFile file) => [.. file.Dump().Select(e => Encoding.UTF8.GetString(e.Key)
        + (e.Value is { } value ? "=" + Encoding.UTF8.GetString(value.Text) : ""))];

    [Fact]
    public void A_file_has_a_pattern_in_each_line()
    {
        var lines = PatternFileReader.Parse("one\n# comment\n  two words\t\n\n \t\r\n  # a pattern\nthree # four\r\nlast"u8, asMap: false);
        Assert.Equal(["one", "two words", "# a pattern", "three # four", "last"], lines.Select(l => Encoding.UTF8.GetString(l.Key)));
        Assert.Equal([1, 3, 6, 7, 8], lines.Select(l => l.Number));
    }

    [Fact]
    public void A_map_has_a_key_and_a_value_in_each_line()
    {
        var lines = PatternFileReader.Parse("a 1\n b \t two  words \t\n# c\nnoval\n\nd\tx # y\n"u8, asMap: true);
        Assert.Equal(["a=1", "b=two  words", "noval=", "d=x # y"],
            lines.Select(l => $"{Encoding.UTF8.GetString(l.Key)}={Encoding.UTF8.GetString(l.Value!.Text)}"));
    }

    [Fact]
    public void Files_and_patterns_are_one_list()
    {
        using var one = new TempFile("a\nb\n");
        using var two = new TempFile("# more\n  c  \n");
        var text = $"{{ x -i -f {one.Path} -f {two.Path} D }}";
        Assert.True(Holds(text, "B"));
        Assert.True(Holds(text, "C"));
        Assert.True(Holds(text, "d"));
        Assert.False(Holds(text, "e"));
    }

    [Fact]
    public void A_map_gives_its_keys_as_patterns()
    {
        using var map = new TempFile("/a one two\n/b three\n");
        Assert.True(Holds($"{{ x -m beg -M -f {map.Path} }}", "/b/1"));
        Assert.False(Holds($"{{ x -m beg -M -f {map.Path} }}", "/c"));
    }

    [Fact]
    public void A_line_that_is_no_pattern_is_refused_with_its_number()
    {
        using var file = new TempFile("10.0.0.0/8\n\nten\n");
        Assert.Equal($"'ten' is not a valid IPv4 or IPv6 address at line 3 of file '{file.Path}'", Fault($"{{ xip -n -f {file.Path} }}"));
    }

    [Theory]
    [InlineData("/no/such/file")]
    [InlineData("file@/no/such/file")]
    [InlineData("/tmp")]
    [InlineData("opt@")]
    public void A_file_that_cannot_be_read_is_refused(string name) => Assert.Equal(
        $"failed to open pattern file <{name.Replace("file@", "", StringComparison.Ordinal).Replace("opt@", "", StringComparison.Ordinal)}>",
        Fault($"{{ x -f {name} }}"));

    [Theory]
    [InlineData("opt@/no/such/file")]
    [InlineData("opt@/no/such/directory/file")]
    [InlineData("virt@anything")]
    public void A_file_that_may_be_missing_begins_empty(string name)
    {
        var compiler = new RuleCompiler();
        var condition = Condition($"{{ x -f {name} }}", compiler);
        Assert.False(condition.Holds(Exchange("a")));

        Assert.True(PatternFile.For(compiler, name).Add("a"u8));
        Assert.True(condition.Holds(Exchange("a")));
    }

    [Fact]
    public void A_file_is_a_list_or_a_map_but_not_both()
    {
        using var file = new TempFile("a 1\n");
        var compiler = new RuleCompiler();
        Condition($"{{ x -f {file.Path} }}", compiler);
        Assert.Equal(
            $"The file \"{file.Path}\" is already used as one column file and cannot be used by as two column file",
            Fault($"{{ x -M -f {file.Path} }}", compiler));
    }

    [Fact]
    public void A_file_is_shared_by_all_who_name_it_in_a_configuration()
    {
        using var file = new TempFile("a\n");
        var compiler = new RuleCompiler();
        var exact = Condition($"{{ x -f {file.Path} }}", compiler);
        var prefix = Condition($"{{ x -m beg -i -f file@{file.Path} }}", compiler);
        var list = PatternFile.For(compiler, file.Path);
        Assert.Same(list, compiler.AllShared<PatternFile>().Single());

        Assert.True(list.Add("New"u8));
        Assert.True(exact.Holds(Exchange("New")));
        Assert.True(prefix.Holds(Exchange("newer")));
        Assert.True(list.Remove("a"u8));
        Assert.False(exact.Holds(Exchange("a")));
        Assert.False(prefix.Holds(Exchange("abc")));
        list.Clear();
        Assert.False(exact.Holds(Exchange("New")));
        Assert.Equal(0, list.Count);
    }

    [Fact]
    public void A_file_that_only_actions_name_is_not_read()
    {
        var file = PatternFile.For(new RuleCompiler(), "/no/such/file");
        Assert.False(file.IsLoaded);
        Assert.True(file.Add("a"u8));
    }

    [Fact]
    public void An_id_makes_written_patterns_a_list_that_can_change()
    {
        var compiler = new RuleCompiler();
        var acl = Match.ParseAcl(["x", "-u", "5", "a"], Create());
        var first = acl.Compile(compiler);
        var second = acl.Compile(compiler);
        Assert.True(PatternFile.For(compiler, "#5").Add("b"u8));

        Assert.True(first.Holds(Exchange("b")));
        Assert.True(second.Holds(Exchange("a")));
        Assert.Equal("the id is already used",
            Assert.Throws<RuleFaultException>(() => Match.ParseAcl(["x", "-u", "5", "a"], Create()).Compile(compiler)).Message);
    }

    [Fact]
    public void Changes_do_what_the_actions_say()
    {
        var file = new PatternFile("virt@m");
        file.Load(asMap: true);
        Assert.True(file.IsMap);
        Assert.True(file.Set("a"u8, "1"u8));       // appended
        Assert.True(file.Add("a"u8, "2"u8));       // a second line of the key
        Assert.True(file.Add("b"u8, "3"u8));
        Assert.True(file.Add("a"u8));              // there already
        Assert.Equal(["a=1", "a=2", "b=3"], Dump(file));
        Assert.True(file.Set("a"u8, "4"u8));       // all of them
        Assert.True(file.Set("b"u8, "3"u8));       // nothing new
        Assert.Equal(["a=4", "a=4", "b=3"], Dump(file));
        Assert.Equal("4", Encoding.UTF8.GetString(file.Lookup("a"u8)!.Value!.Text));
        Assert.True(file.Remove("a"u8));           // all of them
        Assert.False(file.Remove("a"u8));
        Assert.Null(file.Lookup("a"u8));
        Assert.Equal(["b=3"], Dump(file));
        Assert.True(file.Set("a"u8, "5"u8));
        Assert.Equal(["b=3", "a=5"], Dump(file));
        Assert.Equal(2, file.Count);
        Assert.True(file.IsLoaded);
    }

    [Fact]
    public void A_pattern_that_one_of_its_users_cannot_read_is_not_added()
    {
        var compiler = new RuleCompiler();
        var addresses = Condition("{ xip -n -f virt@list }", compiler);
        var text = Condition("{ x -f virt@list }", compiler);
        var file = PatternFile.For(compiler, "virt@list");

        Assert.False(file.Add("ten"u8));
        Assert.True(file.Add("10.0.0.0/8"u8));
        Assert.False(text.Holds(Exchange("ten")));
        Assert.True(addresses.Holds(Exchange("10.1.1.1")));
        Assert.Equal(1, file.Count);
    }

    [Theory]
    [InlineData("str")]
    [InlineData("beg")]
    [InlineData("end")]
    [InlineData("sub")]
    [InlineData("dir")]
    [InlineData("dom")]
    [InlineData("reg")]
    [InlineData("int")]
    [InlineData("ip")]
    [InlineData("len")]
    [InlineData("bin")]
    public void Many_changes_leave_what_a_plain_list_would_have(string method)
    {
        var random = new Random(7);
        var compiler = new RuleCompiler();
        var condition = Condition($"{{ x -m {method} -n -f virt@list }}", compiler);
        var file = PatternFile.For(compiler, "virt@list");
        var kept = new HashSet<string>();
        for (var i = 0; i < 1_500; i++)
        {
            var key = Key(random.Next(300));
            if (random.Next(3) == 0)
            {
                Assert.Equal(kept.Remove(key), file.Remove(Bytes(key)));
            }
            else
            {
                kept.Add(key);
                Assert.True(file.Add(Bytes(key)));
            }

            var asked = random.Next(300);
            Assert.Equal(kept.Contains(Key(asked)), condition.Holds(Exchange(ValueOf(asked))));
        }

        Assert.Equal(kept.Count, file.Count);

        string Key(int i) => method switch
        {
            "ip" => $"10.{i >> 8}.{i & 255}.0/24",
            "int" or "len" => $"{i}",
            "bin" => Convert.ToHexString(Bytes($"k{i:d3}")),
            "reg" => $"^k{i:d3}$",
            _ => $"k{i:d3}",
        };

        string ValueOf(int i) => method switch
        {
            "ip" => $"10.{i >> 8}.{i & 255}.9",
            "int" => $"{i}",
            "len" => new string('x', i),
            _ => $"k{i:d3}",
        };
    }

    [Fact]
    public async Task Readers_and_writers_at_once_see_whole_lists()
    {
        var compiler = new RuleCompiler();
        string[] methods = ["str", "beg -i", "sub", "dom"];
        var conditions = methods.Select(method => Condition($"{{ x -m {method} -f virt@list }}", compiler)).ToArray();
        var file = PatternFile.For(compiler, "virt@list");
        file.Add("always"u8);
        using var done = new CancellationTokenSource();
        using var all = new Barrier(conditions.Length + 2); // so that they do run at once
        var readers = conditions.Select(condition => OnThread(() =>
        {
            var always = Exchange("always");
            var never = Exchange("never");
            var asked = 0;
            all.SignalAndWait();
            do
            {
                always.Context.Scratch.Reset();
                Assert.True(condition.Holds(always));
                Assert.False(condition.Holds(never));
                asked++;
            }
            while (!done.IsCancellationRequested);
            return asked;
        })).ToArray();
        var writers = Enumerable.Range(0, 2).Select(w => OnThread(() =>
        {
            all.SignalAndWait();
            for (var i = 0; i < 3_000; i++)
            {
                file.Add(Bytes($"key-{w}-{i}"));
                if (i % 3 != 0)
                {
                    file.Remove(Bytes($"key-{w}-{i - 1}"));
                }
            }

            return 0;
        })).ToArray();
        await Task.WhenAll(writers);
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), asked => Assert.True(asked > 0));

        var expected = Enumerable.Range(0, 2).SelectMany(w => Enumerable.Range(0, 3_000).Where(i => i == 2_999 || i % 3 == 2)
            .Select(i => $"key-{w}-{i}")).Append("always").Order(StringComparer.Ordinal);
        Assert.Equal(expected, Dump(file).Order(StringComparer.Ordinal));
        Assert.All(conditions, condition => Assert.True(condition.Holds(Exchange("key-1-2999"))));

        static Task<int> OnThread(Func<int> run) =>
            Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Fact]
    public void What_is_added_while_the_proxy_runs_is_bounded()
    {
        using var temp = new TempFile("a 1\nb 2\n");
        var file = new PatternFile(temp.Path) { MaxAdded = 2 };
        file.Load(asMap: true);

        Assert.True(file.Set("c"u8, "3"u8));
        Assert.True(file.Add("d"u8));
        Assert.False(file.Set("e"u8, "5"u8));
        Assert.False(file.Add("e"u8));
        Assert.False(file.Add("a"u8, "6"u8));
        Assert.True(file.Add("d"u8)); // there already
        Assert.True(file.Set("a"u8, "7"u8)); // another value of one that is there
        Assert.Equal(["a=7", "b=2", "c=3", "d"], Dump(file));

        Assert.True(file.Remove("c"u8));
        Assert.True(file.Add("e"u8));
        Assert.False(file.Add("f"u8));
        Assert.Equal(["a=7", "b=2", "d", "e"], Dump(file));
    }

    [Fact]
    public void The_bytes_that_are_added_while_the_proxy_runs_are_bounded()
    {
        using var temp = new TempFile("loaded 1\n");
        var file = new PatternFile(temp.Path) { MaxAddedBytes = 10 };
        file.Load(asMap: true);

        Assert.True(file.Set("ab"u8, "cd"u8));       // 4
        Assert.True(file.Set("ef"u8, "1234"u8));     // 10
        Assert.False(file.Set("g"u8, ""u8));
        Assert.False(file.Add("g"u8));
        Assert.False(file.Set("ef"u8, "12345"u8));   // a longer value of one that is there
        Assert.True(file.Set("ef"u8, "123"u8));      // 9
        Assert.False(file.Set("loaded"u8, "12345"u8));
        Assert.True(file.Set("loaded"u8, "12"u8));   // 10
        Assert.True(file.Remove("ab"u8));            // 6
        Assert.True(file.Set("g"u8, "abc"u8));       // 10
        Assert.False(file.Add("h"u8));
        Assert.Equal(["loaded=12", "ef=123", "g=abc"], Dump(file));

        file.Clear();
        Assert.True(file.Set("0123456789"u8, "1234567"u8)); // what was read with the file is free too
        Assert.False(file.Add("h"u8));
    }

    [Fact]
    public void Lists_of_many_entries_of_one_key_count_each()
    {
        using var temp = new TempFile("a 1\na 2\n");
        var file = new PatternFile(temp.Path) { MaxAddedBytes = 3 };
        file.Load(asMap: true);

        Assert.False(file.Set("a"u8, "123"u8)); // two bytes more, twice
        Assert.True(file.Set("a"u8, "12"u8));
        Assert.Equal(["a=12", "a=12"], Dump(file));
    }

    [Fact]
    public void The_bytes_that_are_added_are_bounded_by_128_MiB() => Assert.Equal(128L << 20, new PatternFile("x").MaxAddedBytes);

    [Fact]
    public void What_is_added_is_bounded_by_a_million() => Assert.Equal(1_000_000, new PatternFile("x").MaxAdded);
}
