using System.Net;
using ProxyKit.Resolvers;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Resolvers;

public sealed class DnsAnswerReaderTests
{
    private const int A = 1, Srv = 33;

    private static readonly byte[] One = [192, 0, 2, 1];

    [Fact]
    public void Addresses_come_in_their_order()
    {
        var answer = Read("a.example", DnsRecordType.A, q => q.Answer(0, NameRecord.Of("a.example", A, [192, 0, 2, 2]), NameRecord.Of("a.example", A, One)));

        Assert.Equal([IPAddress.Parse("192.0.2.2"), IPAddress.Parse("192.0.2.1")], answer!.Addresses);
        Assert.True(answer.IsValid);
    }

    [Fact]
    public void Names_are_the_same_in_any_case()
    {
        var answer = Read("a.example", DnsRecordType.A, q => (q with { Name = "A.eXample" }).Answer(0, NameRecord.Of("a.EXAMPLE", A, One)));

        Assert.Equal([IPAddress.Parse("192.0.2.1")], answer!.Addresses);
    }

    [Fact]
    public void Address_of_another_name_is_none()
    {
        var answer = Read("a.example", DnsRecordType.A, q => q.Answer(0, NameRecord.Of("b.example", A, One)));

        Assert.Equal(DnsStatus.Other, answer!.Status);
    }

    [Fact]
    public void Aliases_are_followed()
    {
        var answer = Read("a.example", DnsRecordType.A, q => q.Answer(
            0, NameRecord.Of("c.example", A, One), NameRecord.Alias("a.example", "b.example"), NameRecord.Alias("b.example", "c.example")));

        Assert.Equal([IPAddress.Parse("192.0.2.1")], answer!.Addresses);
    }

    [Fact]
    public void Aliases_in_a_circle_end()
    {
        var answer = Read("a.example", DnsRecordType.A, q => q.Answer(
            0, NameRecord.Alias("a.example", "b.example"), NameRecord.Alias("b.example", "a.example"), NameRecord.Of("c.example", A, One)));

        Assert.Equal(DnsStatus.Other, answer!.Status);
    }

    [Fact]
    public void Places_of_a_service_have_the_addresses_that_come_with_them()
    {
        var answer = Read("_http._tcp.example", DnsRecordType.Srv, q => q.AnswerWith(
            [NameRecord.Service("_http._tcp.example", "a.example", 8080, 300), NameRecord.Service("_http._tcp.example", "b.example", 8081, 0)],
            [NameRecord.Of("a.example", A, One)]));

        Assert.Equal(
            [new DnsService("a.example", 8080, 300, IPAddress.Parse("192.0.2.1")), new DnsService("b.example", 8081, 0, null)], answer!.Services);
    }

    [Theory]
    [InlineData(3, "NotFound")]
    [InlineData(5, "Refused")]
    [InlineData(2, "Other")]
    [InlineData(0, "Other")]
    public void Code_without_records_says_what_came_of_it(int code, string status) =>
        Assert.Equal(status, Read("a.example", DnsRecordType.A, q => q.Answer(code))!.Status.ToString());

    [Fact]
    public void What_has_no_room_is_asked_for_otherwise() => Assert.Equal(DnsStatus.Truncated, Read("a.example", DnsRecordType.A, static q => q.CutOff())!.Status);

    [Fact]
    public void Another_number_is_no_answer() => Assert.Null(Read("a.example", DnsRecordType.A, q => (q with { Id = (ushort)(q.Id + 1) }).Answer(0, NameRecord.Of("a.example", A, One))));

    [Fact]
    public void Another_question_is_no_answer() => Assert.Null(Read("a.example", DnsRecordType.A, q => (q with { Name = "b.example" }).Answer(0, NameRecord.Of("b.example", A, One))));

    [Fact]
    public void Another_type_is_no_answer() => Assert.Null(Read("a.example", DnsRecordType.A, q => (q with { Type = Srv }).Answer(0, NameRecord.Of("a.example", A, One))));

    [Fact]
    public void Question_is_no_answer() => Assert.Null(Read("a.example", DnsRecordType.A, q => q.Message(0x0100, [], [])));

    [Fact]
    public void Pointer_to_itself_is_refused()
    {
        var answer = Read("a.example", DnsRecordType.A, q => q.Message(0x8180, [[0xC0, (byte)q.Answer(0).Length, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. One]], []));

        Assert.Equal(DnsStatus.Other, answer!.Status);
    }

    [Fact]
    public void Pointer_to_the_question_is_followed()
    {
        var answer = Read("a.example", DnsRecordType.A, q => q.Message(0x8180, [[0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. One]], []));

        Assert.Equal([IPAddress.Parse("192.0.2.1")], answer!.Addresses);
    }

    [Fact]
    public void Address_of_another_length_is_refused() =>
        Assert.Equal(DnsStatus.Other, Read("a.example", DnsRecordType.A, q => q.Answer(0, NameRecord.Of("a.example", A, [1, 2, 3])))!.Status);

    [Fact]
    public void Whatever_the_bytes_are_it_ends()
    {
        var question = new DnsQuestion("_http._tcp.example", DnsRecordType.Srv, 512);
        var good = NameQuestion.Read(question.Message.Span).AnswerWith(
            [NameRecord.Alias("_http._tcp.example", "x.example"), NameRecord.Service("x.example", "a.example", 8080, 300)], [NameRecord.Of("a.example", A, One)]);
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(2, bytes.Length)] = (byte)(random.Next(4) == 0 ? 0xC0 : random.Next(256));
            }

            _ = DnsAnswerReader.Read(bytes.AsSpan(0, random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length), question); // throws nothing
        }

        Assert.True(DnsAnswerReader.Read(good, question)!.IsValid);
    }

    private static DnsAnswer? Read(string name, DnsRecordType type, Func<NameQuestion, byte[]> answer)
    {
        var question = new DnsQuestion(name, type, 512);
        return DnsAnswerReader.Read(answer(NameQuestion.Read(question.Message.Span)), question);
    }
}
