namespace ProxyKit.Rules.Formats;

/// <summary>What a <see cref="LogFormat"/> makes, which decides how it treats blanks, unsafe bytes and values that are not there.</summary>
public enum FormatUse
{
    /// <summary>A line of a log. Blanks in a row become one; texts that are empty or not there become <c>-</c>; bytes outside visible ASCII,
    /// <c>#</c> and <c>"</c> become <c>#</c> and two digits. HAProxy: <c>log-format</c>, <c>error-log-format</c>.</summary>
    Log,

    /// <summary>A header field, or a part of a request line. Control bytes that come from an expression become <c>%</c> and two digits; what is
    /// not there prints nothing. HAProxy: the <c>&lt;fmt&gt;</c> of <c>set-header</c>, <c>redirect</c>, <c>set-path</c> and the like.</summary>
    Header,

    /// <summary>Any text, such as a body, a variable or the key of a map: bytes stay what they are; what is not there prints nothing. HAProxy:
    /// <c>lf-string</c>, <c>set-var-fmt</c>, <c>set-map</c> and the like.</summary>
    Raw,

    /// <summary>The name of an exchange: as <see cref="Header"/>, with blanks in a row made one, cut after 127 bytes. HAProxy:
    /// <c>unique-id-format</c>.</summary>
    UniqueId,
}
