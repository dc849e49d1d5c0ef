using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Captures;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with what a frontend logs: its formats, and what it captures for them. Whether what they name is there is
/// found when the configuration is put to use.</summary>
internal static class LogOptionsValidator
{
    private const int MaxCaptureLength = 65535;

    public static void Validate(FrontendOptions options, FaultPath path)
    {
        ValidateFormat(nameof(options.LogFormat), options.LogFormat, FormatUse.Log, options, path);
        ValidateFormat(nameof(options.ErrorLogFormat), options.ErrorLogFormat, FormatUse.Log, options, path);
        ValidateFormat(nameof(options.UniqueIdFormat), options.UniqueIdFormat, FormatUse.UniqueId, options, path);
        ValidateUniqueIdHeader(options, path);
        ValidateCaptures(options, path);
    }

    private static void ValidateFormat(string property, string? text, FormatUse use, FrontendOptions options, FaultPath path)
    {
        if (text is null)
        {
            return;
        }

        try
        {
            LogFormat.Parse(text, options.FormatLanguage, use).CheckMode(options.Mode);
        }
        catch (RuleFaultException e)
        {
            path.Add(property, e.Message);
        }
    }

    private static void ValidateUniqueIdHeader(FrontendOptions options, FaultPath path)
    {
        if (options.UniqueIdHeader is not { } name)
        {
            return;
        }

        if (!IsFieldName(name))
        {
            path.Add(nameof(options.UniqueIdHeader), $"{FaultPath.Quote(name)} is no name of a header field");
        }
        else if (options.UniqueIdFormat is null)
        {
            path.Add(nameof(options.UniqueIdHeader), "there is no UniqueIdFormat, so the field would never be sent");
        }
    }

    private static void ValidateCaptures(FrontendOptions options, FaultPath path)
    {
        foreach (var (capture, position) in path.Elements(nameof(options.Captures), options.Captures))
        {
            var place = path.In("capture", null, position);
            if (capture.MaxLength is < 1 or > MaxCaptureLength)
            {
                place.Add("MaxLength", $"{capture.MaxLength} is out of range (1-{MaxCaptureLength})");
            }

            if (capture.Kind is CaptureKind.RequestHeader or CaptureKind.ResponseHeader && !IsFieldName(capture.Name))
            {
                place.Add("Name", $"{FaultPath.Quote(capture.Name)} is no name of a header field");
            }

            if (options.Mode == ProxyMode.Tcp && capture.Kind is not (CaptureKind.RequestSlot or CaptureKind.ResponseSlot))
            {
                place.Add("in TCP mode there are no header fields and cookies to capture");
            }
        }
    }

    /// <summary>Whether it is a token (RFC 9110 §5.6.2).</summary>
    public static bool IsFieldName(string name) =>
        name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
