using ProxyKit.Frontends;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Runtime;

public sealed class LogOptionsValidatorTests
{
    [Fact]
    public void Formats_and_captures_that_can_be_used_have_no_fault()
    {
        var options = new FrontendOptions
        {
            Name = "edge",
            LogFormat = AccessLogFormats.Clf,
            ErrorLogFormat = "%ci:%cp [%t] %ft",
            UniqueIdFormat = "%{+X}o%ci:%cp-%Ts-%rt",
            UniqueIdHeader = "X-Unique-Id",
            Captures =
            {
                Capture.RequestHeader("Host", 1), Capture.ResponseHeader("Via", 65535), Capture.Cookie("sid=", 63), Capture.RequestSlot(10),
                Capture.ResponseSlot(10),
            },
        };

        Assert.Empty(Faults(options));
    }

    [Fact]
    public void Every_fault_is_reported_with_its_place() => Assert.Equal(
        [
            "LogFormat: no such format alias 'xyz'. If you wanted to emit the '%' character verbatim, you need to use '%%'.",
            "ErrorLogFormat: truncated line after '%'.",
            "UniqueIdFormat: failed to parse sample expression <never> : unknown fetch method 'never'.",
            "UniqueIdHeader: \"X Id\" is no name of a header field.",
            "capture 1 > MaxLength: 0 is out of range (1-65535).",
            "capture 2 > MaxLength: 65536 is out of range (1-65535).",
            "capture 2 > Name: \"a b\" is no name of a header field.",
            "Captures: number 3 is null.",
        ],
        Faults(new FrontendOptions
        {
            Name = "edge",
            LogFormat = "%xyz",
            ErrorLogFormat = "%",
            UniqueIdFormat = "%[never]",
            UniqueIdHeader = "X Id",
            Captures = { Capture.RequestSlot(0), Capture.ResponseHeader("a b", 65536), null! },
        }));

    [Fact]
    public void A_header_for_a_name_that_is_not_made_is_a_slip() => Assert.Equal(
        ["UniqueIdHeader: there is no UniqueIdFormat, so the field would never be sent."],
        Faults(new FrontendOptions { Name = "edge", UniqueIdHeader = "X-Id" }));

    [Fact]
    public void A_TCP_frontend_cannot_log_what_requests_have() => Assert.Equal(
        [
            "LogFormat: format alias 'tr' is reserved for HTTP mode.",
            "capture 2 > in TCP mode there are no header fields and cookies to capture.",
            "capture 3 > in TCP mode there are no header fields and cookies to capture.",
        ],
        Faults(new FrontendOptions
        {
            Name = "lines",
            Mode = ProxyMode.Tcp,
            LogFormat = AccessLogFormats.Http,
            ErrorLogFormat = AccessLogFormats.Tcp,
            Captures = { Capture.RequestSlot(5), Capture.RequestHeader("Host", 5), Capture.Cookie("a", 5) },
        }));

    private static List<string> Faults(FrontendOptions options)
    {
        var faults = new List<string>();
        LogOptionsValidator.Validate(options, new FaultPath(faults, ""));
        return faults;
    }
}
