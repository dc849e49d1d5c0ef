using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class DistinguishedNameTests
{
    private static readonly byte[] Client = Encode(("2.5.4.6", "FR"), ("2.5.4.10", "Cli, Inc"), ("2.5.4.11", "u1"), ("2.5.4.11", "u2"), ("2.5.4.3", "bob"));

    [Theory]
    [InlineData("OU", 1, "u1")]
    [InlineData("ou", 2, "u2")]
    [InlineData("OU", -1, "u2")]
    [InlineData("OU", -2, "u1")]
    [InlineData("OU", 3, null)]
    [InlineData("OU", -3, null)]
    [InlineData("OU", 0, null)]
    [InlineData("CN", 1, "bob")]
    [InlineData("L", 1, null)]
    public void Entry_is_found_by_its_short_name(string entry, int occurrence, string? expected)
    {
        var name = new DistinguishedName(Client);

        Assert.Equal(expected, name.TryFind(Encoding.ASCII.GetBytes(entry), occurrence, out var value) ? Encoding.UTF8.GetString(value) : null);
    }

    [Fact]
    public void Name_as_a_line_is_in_its_own_order_with_nothing_escaped() => Assert.Equal("/C=FR/O=Cli, Inc/OU=u1/OU=u2/CN=bob", Line(Client));

    [Fact]
    public void Name_by_RFC_2253_has_its_last_entry_first() =>
        Assert.Equal("CN=bob,OU=u2,OU=u1,O=Cli\\, Inc,C=FR", Rfc2253(Client));

    [Theory]
    [InlineData("#a", "\\#a")]
    [InlineData(" a ", "\\ a\\ ")]
    [InlineData("a+b;c<d>e\"f\\g", "a\\+b\\;c\\<d\\>e\\\"f\\\\g")]
    [InlineData("é", "\\C3\\A9")]
    public void Name_by_RFC_2253_escapes_what_means_something(string value, string expected) =>
        Assert.Equal($"CN={expected}", Rfc2253(Encode(("2.5.4.3", value))));

    [Fact]
    public void Name_with_types_that_we_have_no_name_for_tells_their_numbers() => Assert.Equal(
        "/1.2.3.4567=x/DC=example/emailAddress=a@b",
        Line(Encode(("1.2.3.4567", "x"), ("0.9.2342.19200300.100.1.25", "example"), ("1.2.840.113549.1.9.1", "a@b"))));

    [Fact]
    public void Name_with_a_NUL_in_it_is_no_sample()
    {
        Assert.Null(Line(Encode(("2.5.4.3", "a\0b"))));
        Assert.False(new DistinguishedName(Encode(("2.5.4.3", "a\0b"))).TryFind("CN"u8, 1, out _));
    }

    [Fact]
    public void Name_of_several_values_in_a_set_joins_them()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSetOf())
            {
                Write(writer, "2.5.4.3", "a");
                Write(writer, "2.5.4.11", "b");
            }
        }

        Assert.Equal("/CN=a/OU=b", Line(writer.Encode()));
        Assert.Equal("OU=b+CN=a", Rfc2253(writer.Encode()));
    }

    [Fact]
    public void Name_of_a_certificate_is_read()
    {
        var name = new X500DistinguishedName("CN=root, O=Root, C=FR");

        Assert.Equal("/C=FR/O=Root/CN=root", Line(name.RawData));
    }

    [Theory]
    [InlineData("ssl_f_s_dn(CN,1,rfc2253)")]
    [InlineData("ssl_f_s_dn(,0,rfc4514)")]
    [InlineData("ssl_c_i_dn(CN,x)")]
    public void Faulty_arguments_are_refused(string expression) =>
        Assert.Throws<RuleFaultException>(() => new RuleContext().Ask(expression));

    private static string? Line(byte[] der)
    {
        var context = new RuleContext();
        var sample = default(Sample);
        return new DistinguishedName(der).TryWriteLine(context, ref sample) ? Encoding.UTF8.GetString(sample.Bytes) : null;
    }

    private static string? Rfc2253(byte[] der)
    {
        var context = new RuleContext();
        var sample = default(Sample);
        return new DistinguishedName(der).TryWriteRfc2253(context, ref sample) ? Encoding.UTF8.GetString(sample.Bytes) : null;
    }

    private static byte[] Encode(params (string Type, string Value)[] entries)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (type, value) in entries)
            {
                using (writer.PushSetOf())
                {
                    Write(writer, type, value);
                }
            }
        }

        return writer.Encode();
    }

    private static void Write(AsnWriter writer, string type, string value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
        }
    }
}
