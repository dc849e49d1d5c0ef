using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http;

public sealed class HeaderBlockTests
{
    private const string Lines = "Host: a\r\nAccept:  b \r\nX-One: 1\r\nCookie: c\r\nx-one: 2\r\n";

    [Fact]
    public void Untouched_fields_are_written_as_they_came()
    {
        var headers = Parse(Lines);

        Assert.True(headers.IsUntouched);
        Assert.Equal(5, headers.Count);
        Assert.Equal(Lines, Write(headers));
    }

    [Fact]
    public void A_replaced_value_stands_in_its_place()
    {
        var headers = Parse(Lines);
        headers.Add("x-added"u8, "1"u8);
        headers.ReplaceValueAt(2, "one"u8);
        headers.ReplaceValueAt(2, "uno"u8);
        headers.ReplaceValueAt(5, Encoding.ASCII.GetBytes(new string('v', 300)));
        headers.ReplaceValueAt(5, "2"u8);

        Assert.Equal("Host: a\r\nAccept:  b \r\nX-One: uno\r\nCookie: c\r\nx-one: 2\r\nx-added: 2\r\n", Write(headers));
        Assert.Equal(6, headers.Count);
        Assert.Equal("uno", headers["x-one"]);
        Assert.Equal(Write(headers).Length - 2, headers.WrittenLength); // the blanks around Accept's value are not counted
    }

    [Fact]
    public void Fields_are_found_by_name_in_any_case()
    {
        var headers = Parse(Lines);

        Assert.Equal("b", headers["ACCEPT"]);
        Assert.Null(headers["accep"]);
        Assert.Equal(["1", "2"], headers.GetAll("X-ONE"));
        Assert.True(headers.TryGet("cookie", out var cookie) && cookie == "c");
        Assert.True(headers.TryGetBytes("x-one", out var one) && one.SequenceEqual("1"u8));
        Assert.True(headers.TryGetBytes(KnownHeader.Host, out var host) && host.SequenceEqual("a"u8));
        Assert.False(headers.TryGetBytes(KnownHeader.Te, out _));
        Assert.Equal(
            [new("Host", "a"), new("Accept", "b"), new("X-One", "1"), new("Cookie", "c"), new("x-one", "2")], headers.All());
    }

    [Theory]
    [InlineData(0, "Accept:  b \r\nX-One: 1\r\nCookie: c\r\nx-one: 2\r\n")]
    [InlineData(2, "Host: a\r\nAccept:  b \r\nCookie: c\r\nx-one: 2\r\n")]
    [InlineData(4, "Host: a\r\nAccept:  b \r\nX-One: 1\r\nCookie: c\r\n")]
    public void A_removed_field_leaves_the_runs_around_it(int index, string written)
    {
        var headers = Parse(Lines);
        headers.RemoveAt(index);
        headers.RemoveAt(index);

        Assert.Equal(4, headers.Count);
        Assert.False(headers.IsUntouched);
        Assert.True(headers.IsRemovedAt(index));
        Assert.Equal(KnownHeader.None, headers.KnownAt(index));
        Assert.Equal(written, Write(headers));
    }

    [Fact]
    public void All_fields_of_a_name_are_removed()
    {
        var headers = Parse(Lines);
        headers.RemoveAll("X-ONE"u8);
        headers.RemoveAll(KnownHeader.Cookie);
        headers.RemoveAll(KnownHeader.Te);

        Assert.Equal("Host: a\r\nAccept:  b \r\n", Write(headers));
        Assert.Equal(2, headers.Count);
        Assert.Null(headers["x-one"]);
        Assert.Empty(headers.GetAll("x-one"));
        Assert.Equal(2, headers.All().Count());
    }

    [Fact]
    public void Added_fields_stand_at_the_end_and_are_found()
    {
        var headers = Parse(Lines);
        headers.Add("x-forwarded-for"u8, "::1"u8);
        headers.Add("X-Empty"u8, ""u8);

        Assert.Equal(Lines + "x-forwarded-for: ::1\r\nX-Empty: \r\n", Write(headers));
        Assert.Equal("::1", headers["X-Forwarded-For"]);
        Assert.Equal(5, headers.IndexOf(KnownHeader.XForwardedFor));
        Assert.Equal("", headers["x-empty"]);
        Assert.Equal(7, headers.Count);
        headers.RemoveAt(5);
        Assert.Equal(Lines + "X-Empty: \r\n", Write(headers));
    }

    [Fact]
    public void Setting_a_field_replaces_all_of_its_name()
    {
        var headers = Parse(Lines);
        headers.Set("x-ONE"u8, "3"u8);
        headers.Set("x-one"u8, "4"u8);

        Assert.Equal("Host: a\r\nAccept:  b \r\nCookie: c\r\nx-one: 4\r\n", Write(headers));
    }

    [Fact]
    public void A_value_may_be_set_to_a_part_of_itself()
    {
        var headers = Parse("Host: example:80\r\n");
        headers.Add("X"u8, "abc"u8);
        headers.Set("x"u8, headers.ValueAt(1)[1..]);
        for (var i = 0; i < 40; i++)
        {
            headers.Add("y"u8, headers.ValueAt(0)); // from one array to the other
            headers.Add("z"u8, headers.ValueAt(2)); // within one, which grows meanwhile
        }

        Assert.Equal(
            "Host: example:80\r\nx: bc\r\n" + string.Concat(Enumerable.Repeat("y: example:80\r\nz: bc\r\n", 40)), Write(headers));
    }

    [Fact]
    public void Narrowed_values_are_written_anew_between_runs()
    {
        var headers = Parse("A: 1\r\nHost:example:80  \r\nB: 2\r\nC: 3\r\n");
        headers.NarrowValueAt(1, 2, 5);

        Assert.False(headers.IsUntouched);
        Assert.Equal("ample", headers["host"]);
        Assert.Equal("A: 1\r\nHost: ample\r\nB: 2\r\nC: 3\r\n", Write(headers));
    }

    [Fact]
    public void A_value_is_lowered_where_it_lies()
    {
        var headers = Parse("A: B\r\n");
        headers.Add("C"u8, "D"u8);
        headers.LowerValueAt(0);
        headers.LowerValueAt(1);

        Assert.Equal("A: b\r\nC: d\r\n", Write(headers));
    }

    [Fact]
    public void Nothing_is_promised_of_a_destination_that_is_too_small()
    {
        var headers = Parse(Lines);
        headers.Add("x"u8, "y"u8);
        headers.RemoveAt(1);
        var needed = Write(headers).Length;

        for (var size = 0; size < needed; size++)
        {
            Assert.Equal(-1, headers.WriteTo(new byte[size]));
        }

        Assert.Equal(needed, headers.WriteTo(new byte[needed]));
    }

    [Fact]
    public void A_reset_leaves_nothing_behind()
    {
        var headers = Parse(Lines);
        headers.RemoveAt(0);
        headers.RemoveAt(1);
        headers.Add("X-Added"u8, "y"u8);
        headers.NarrowValueAt(3, 0, 0);
        var bytes = "\0\0A: b\r\nC: d\r\n\r\n"u8.ToArray();
        headers.Reset(bytes, 2);

        Assert.Equal((0, 0, true), (headers.Count, headers.TableLength, headers.IsUntouched));
        Assert.Equal("", Write(headers));
        Fill(headers, bytes.AsSpan(2));
        Assert.Equal("A: b\r\nC: d\r\n", Write(headers));
        Assert.True(headers.IsUntouched);
        Assert.Equal([new("A", "b"), new("C", "d")], headers.All());
    }

    [Fact]
    public void More_fields_than_the_table_was_made_for_fit()
    {
        var lines = string.Concat(Enumerable.Range(0, 100).Select(i => $"X{i}: {i}\r\n"));

        Assert.Equal(lines, Write(Parse(lines)));
    }

    [Fact]
    public void Edits_in_any_order_are_written_as_a_list_of_lines_would_be()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var headers = Parse(Lines);
            List<(string Name, string Value)?> fields = [("Host", "a"), ("Accept", " b "), ("X-One", "1"), ("Cookie", "c"), ("x-one", "2")];
            for (var edit = 0; edit < 8; edit++)
            {
                var (name, value) = (random.Next(3) switch { 0 => "x-one", 1 => "host", _ => "x-new" }, new string('v', random.Next(60)));
                var place = random.Next(fields.Count);
                var bytes = Encoding.ASCII.GetBytes(value);
                switch (random.Next(6))
                {
                    case 0:
                        headers.Add(Encoding.ASCII.GetBytes(name), bytes);
                        fields.Add((name, value));
                        break;
                    case 1:
                        headers.Set(Encoding.ASCII.GetBytes(name), bytes);
                        fields = [.. fields.Select(f => string.Equals(f?.Name, name, StringComparison.OrdinalIgnoreCase) ? null : f), (name, value)];
                        break;
                    case 2:
                        headers.RemoveAt(place);
                        fields[place] = null;
                        break;
                    case 3 when fields[place] is { } replaced:
                        headers.ReplaceValueAt(place, bytes);
                        fields[place] = (replaced.Name, value);
                        break;
                    case 4 when fields[place] is { } renamed:
                        headers.RenameAt(place, Encoding.ASCII.GetBytes(renamed.Name.ToUpperInvariant()));
                        fields[place] = (renamed.Name.ToUpperInvariant(), renamed.Value.Trim());
                        break;
                    case 5 when fields[place] is { Value.Length: > 4 } narrowed:
                        headers.NarrowValueAt(place, 1, 2);
                        fields[place] = (narrowed.Name, narrowed.Value.Substring(1, 2));
                        break;
                }
            }

            Assert.Equal(string.Concat(fields.Select(static f => f is null ? "" : $"{f.Value.Name}: {f.Value.Value}\r\n")), Write(headers));
            Assert.Equal(fields.Count(static f => f is not null), headers.Count);
        }
    }

    private static HeaderBlock Parse(string lines)
    {
        var headers = new HeaderBlock();
        var bytes = Encoding.Latin1.GetBytes($"??{lines}\r\n");
        headers.Reset(bytes, 2);
        Fill(headers, bytes.AsSpan(2));
        return headers;
    }

    private static void Fill(HeaderBlock headers, Span<byte> bytes)
    {
        var parser = new FieldLineParser();
        parser.Start(0);
        Assert.True(parser.TryParse(bytes, headers, 100, out _));
    }

    private static string Write(HeaderBlock headers)
    {
        var destination = new byte[4096];
        return Encoding.Latin1.GetString(destination, 0, headers.WriteTo(destination));
    }
}
