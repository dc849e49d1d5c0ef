using ProxyKit.Rules.Converters.Dates;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class DateConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("int(1690191182),utime(%H:%M:%S)", "09:33:02")]
    [InlineData("int(1690191182),utime(%H:%M:%S,3600)", "10:33:02")]
    [InlineData("int(1690191182),utime(\"%a %A %b %B %h\")", "Mon Monday Jul July Jul")]
    [InlineData("int(1690191182),utime(\"%c\")", "Mon Jul 24 09:33:02 2023")]
    [InlineData("int(1690191182),utime(\"%C %d %e %D %x %F\")", "20 24 24 07/24/23 07/24/23 2023-07-24")]
    [InlineData("int(1690191182),utime(\"%g %G %V %H %I %j %k %l %m %M\")", "23 2023 30 09 09 205  9  9 07 33")]
    [InlineData("int(1690191182),utime(\"%n%t%p%P%r\")", "\n\tAMam09:33:02 AM")]
    [InlineData("int(1690191182),utime(\"%R %T %X %u %w %U %W %y %Y %z %Z %%\")", "09:33 09:33:02 09:33:02 1 1 30 30 23 2023 +0000 GMT %")]
    [InlineData("int(1690191182),utime(\"%s %Ey %Od\")", "1690191182 23 24")]
    [InlineData("int(1690191182),utime(\"%5Y|%_5Y|%-5Y|%^a|%#a|%#p|%#Z|%_d|%-d|%0e\")", "02023| 2023| 2023|MON|MON|am|gmt|24|24|24")]
    [InlineData("int(1690191182),utime(\"%10T|%010T|%5n|%q|%f|%i|%J|%N|%\")", "  09:33:02|0009:33:02|    \n|%q|%f|%i|%J|%N|%")]
    [InlineData("int(1690191182),utime(\"%-5d|%-d|%_5m|%05m|%^p|%#B|%-j|%3y|%10F\")", "   24|24|    7|00007|AM|JULY|205|023|2023-07-24")]
    [InlineData("int(0),utime(\"%a %U %W %G %V %j %e|%s|%Ez|%5z|%_5z|%-z|%^c|%#b|%10a|%010a|%-10a\")",
        "Thu 00 00 1970 01 001  1|0|+0000|+00000|+    0|+0|THU JAN  1 00:00:00 1970|JAN|       Thu|0000000Thu|       Thu")]
    [InlineData("int(951782400),utime(\"%F %j %V %U %W\")", "2000-02-29 060 09 09 09")]
    [InlineData("int(1704067199),utime(\"%F %j %V %G %g %U %W\")", "2023-12-31 365 52 2023 23 53 52")]
    [InlineData("int(1609459200),utime(\"%F %j %V %G %g %U %W\")", "2021-01-01 001 53 2020 20 00 00")]
    [InlineData("int(1735516800),utime(\"%F %V %G\")", "2024-12-30 01 2025")]
    [InlineData("int(1690222382),utime(\"%I %l %p\")", "06  6 PM")]
    [InlineData("int(1690156800),utime(\"%I %k %p\")", "12  0 AM")]
    [InlineData("int(5),utime", "")]
    [InlineData("int(5),utime(%20000Y)", "")]
    [InlineData("int(1690191182196),ms_utime(%T.%3N)", "09:33:02.196")]
    [InlineData("int(1690191182196),ms_utime(%T.%3N,4)", "09:33:02.200")]
    [InlineData("int(1690191182196),ms_utime(%N)", "196000000")]
    [InlineData("int(1690191182196234),us_utime(%6N)", "196234")]
    [InlineData("int(1690191182196234),us_utime(\"%0N|%1N|%9N|%12N|%N\")", "|1|196234000|196234000|196234000")]
    [InlineData("int(1690191182196234),us_utime(%6N,6)", "196240")]
    [InlineData("int(1690191182),http_date", "Mon, 24 Jul 2023 09:33:02 GMT")]
    [InlineData("int(1690191182),http_date(5)", "Mon, 24 Jul 2023 09:33:07 GMT")]
    [InlineData("int(1690191182),http_date(5,s)", "Mon, 24 Jul 2023 09:33:07 GMT")]
    [InlineData("int(1690191182007),http_date(0,ms)", "Mon, 24 Jul 2023 09:33:02.7 GMT")]
    [InlineData("int(1690191182000),http_date(0,ms)", "Mon, 24 Jul 2023 09:33:02.0 GMT")]
    [InlineData("int(1690191182007123),http_date(0,us)", "Mon, 24 Jul 2023 09:33:02.7123 GMT")]
    public void Moment_is_written_as_the_format_says(string expression, string expected) =>
        Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("Europe/Paris", 1690191182, "%T %z %Z", "11:33:02 +0200 CEST")]
    [InlineData("Europe/Paris", 1704067199, "%F %T %z %Z", "2024-01-01 00:59:59 +0100 CET")]
    [InlineData("America/New_York", 1690191182, "%T %z %Z", "05:33:02 -0400 EDT")]
    [InlineData("Asia/Kolkata", 1690191182, "%T %z %Z", "15:03:02 +0530 IST")]
    public void Local_time_follows_its_zone(string zoneName, long seconds, string format, string expected)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var converter = DateConverters.Format(DateFormat.Parse(format, false), 1, 0, zone, ZoneAbbreviations.For(zone));
        var sample = default(Sample);
        sample.Set(seconds);

        Assert.True(converter(new Evaluation().Context, ref sample));
        Assert.Equal(expected, sample.ToString());
    }

    [Fact]
    public void Local_time_is_that_of_the_process()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1690191182).ToLocalTime();

        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        Assert.Equal(now.ToString("yyyy-MM-dd HH:mm:ss", invariant), Evaluation.Once("int(1690191182),ltime(\"%F %T\")"));
        Assert.Equal(now.ToString("HH:mm:ss", invariant) + ".196", Evaluation.Once("int(1690191182196),ms_ltime(%T.%3N)"));
        Assert.Equal(now.ToString("HH:mm:ss", invariant) + ".5", Evaluation.Once("int(1690191182500000),us_ltime(%T.%1N)"));
    }

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", "784111777")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT and more", "784111777")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC", Ns)]
    [InlineData("sun, 06 Nov 1994 08:49:37 GMT", Ns)]
    [InlineData("Sun, 06 nov 1994 08:49:37 GMT", Ns)]
    [InlineData("Sun, 6 Nov 1994 08:49:37 GMT", Ns)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", "784111777")]
    [InlineData("Sunday, 06-Nov-1994 08:49:37 GMT", "784111777")]
    [InlineData("Sunday, 06-Nov-60 08:49:37 GMT", "2866956577")]
    [InlineData("Sunday, 06-Nov-94 08:49:37", Ns)]
    [InlineData("Sun Nov  6 08:49:37 1994", "784111777")]
    [InlineData("Sun Nov 16 08:49:37 1994", "784975777")]
    [InlineData("Sun, 06 Nov 1994 24:49:37 GMT", Ns)]
    [InlineData("", Ns)]
    public void Date_is_read_in_its_three_forms(string date, string expected) =>
        Assert.Equal(expected, Evaluation.Once($"str(\"{date}\"),date"));

    [Fact]
    public void Unknown_unit_is_a_fault() => Assert.Equal(
        "invalid args in converter 'http_date' : expects 's', 'ms' or 'us', got 'x'", Evaluation.FaultOf("int(1),http_date(0,x)"));
}
