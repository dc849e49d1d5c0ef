using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads the steps of checks that connect and send.</summary>
internal static class CheckStepWords
{
    public static void ReadConnect(Statement s, bool isHttp)
    {
        var draft = s.Check;
        if (draft.Own(isHttp).FirstOrDefault(static step => step is not (SetVariableStep or UnsetVariableStep)) is not (null or ConnectStep))
        {
            s.Alert("first step MUST also be a 'connect', optionally preceded by a 'set-var', an 'unset-var' or a 'comment', when there is a 'connect' step "
                + "in the tcp-check ruleset.");
            return;
        }

        string? address = null, name = null, comment = null;
        IReadOnlyList<string>? protocols = null;
        int? port = null;
        Expression? portValue = null;
        var (isDefault, isSecure, lingers, sendsProxy, goesBySocks) = (false, false, false, false, false);
        for (var i = 0; i < s.Count; i++)
        {
            switch (s[i])
            {
                case "default":
                    isDefault = true;
                    break;
                case "ssl":
                    isSecure = true;
                    break;
                case "linger":
                    lingers = true;
                    break;
                case "send-proxy":
                    sendsProxy = true;
                    break;
                case "via-socks4":
                    goesBySocks = true;
                    break;
                case "port" when s[i + 1].Length > 0 && !char.IsAsciiDigit(s[i + 1][0]):
                    if ((portValue = CheckFormat.ReadExpression(s, ++i)) is null)
                    {
                        return;
                    }

                    break;
                case "port" when TryPort(s, ++i, out var number):
                    port = number;
                    break;
                case "port":
                    return;
                case "addr":
                    if (!TryAddress(s, ++i, out address, out var its))
                    {
                        return;
                    }

                    port = its ?? port;
                    break;
                case "sni" or "comment" when s[i + 1].Length == 0:
                    s.Alert(i, $"'{s.Name}' : '{s[i]}' expects a string as argument.");
                    return;
                case "sni":
                    name = s[++i];
                    break;
                case "comment":
                    comment = s[++i];
                    break;
                case "proto" when s[i + 1] is "h1":
                    i++;
                    break;
                case "alpn" when s[i + 1] is "http/1.1":
                    protocols = [s[++i]];
                    break;
                case "proto" or "alpn":
                    s.Alert(i, $"'{s.Name} {s[i]}' is not supported yet.");
                    return;
                default:
                    s.Alert(i, $"'{s.Name}' : expects 'comment', 'port', 'addr', 'send-proxy', 'via-socks4', 'linger', 'ssl', 'sni', 'alpn', 'proto' or 'default' "
                        + $"but got '{s[i]}' as argument.");
                    return;
            }
        }

        draft.Add(
            new ConnectStep
            {
                UsesServerSettings = isDefault,
                UsesTls = isSecure,
                SendsProxyHeader = sendsProxy,
                GoesBySocks4 = goesBySocks,
                Lingers = lingers,
                Port = port,
                PortValue = portValue,
                Address = address,
                HostName = name,
                ApplicationProtocols = protocols,
                Comment = comment,
            },
            isHttp);
    }

    public static void ReadSend(Statement s, CheckData kind)
    {
        var format = default(CheckFormat);
        if (kind is CheckData.Format or CheckData.HexFormat && !CheckFormat.TryRead(s, 0, out format))
        {
            return;
        }

        var isHex = kind is CheckData.Hex or CheckData.HexFormat;
        byte[] bytes;
        try
        {
            var text = format.Made is not null ? "" : format.Text ?? s[0];
            bytes = isHex ? Convert.FromHexString(text) : Encoding.UTF8.GetBytes(text);
        }
        catch (FormatException)
        {
            s.Alert(0, $"'{s.Name}' : invalid binary string (an even number of hex digit is expected).");
            return;
        }

        if (s.Count > 1 && s[1] != "comment")
        {
            s.Alert(1, $"'{s.Name}' : expects 'comment' but got '{s[1]}' as argument.");
            return;
        }

        if (s.Count > 1 && s[2].Length == 0)
        {
            s.Alert(1, $"'{s.Name}' : 'comment' expects a string as argument.");
            return;
        }

        s.Check.Add(
            new SendStep { Bytes = bytes, Format = format.Made, IsHexadecimal = isHex && format.Made is not null, Comment = s.Count > 2 ? s[2] : null }, isHttp: false);
    }

    public static void ReadRequest(Statement s)
    {
        var words = new HttpSendWords();
        for (var i = 0; i < s.Count; i++)
        {
            var word = s[i];
            if (word is not ("comment" or "meth" or "uri" or "uri-lf" or "ver" or "hdr" or "body" or "body-lf"))
            {
                s.Alert(i, $"'{s.Name}' : expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or 'body-lf' but got '{word}' as argument.");
                return;
            }

            if (i + (word == "hdr" ? 2 : 1) >= s.Count)
            {
                s.Alert(i, $"'{s.Name}' : '{word}' expects {(word == "hdr" ? "<name> and <value> as arguments" : "a value as argument")}.");
                return;
            }

            var value = s[++i];
            switch (word)
            {
                case "comment":
                    words.Comment = value;
                    break;
                case "meth" or "uri" when !IsWord(s, i):
                    return;
                case "meth":
                    words.Method = value;
                    break;
                case "uri":
                    (words.Target, words.TargetFormat) = (value, null);
                    break;
                case "ver" when value is "HTTP/1.0" or "HTTP/1.1":
                    words.Version = value;
                    break;
                case "ver":
                    s.Alert(i, $"'{s.Name}' : version '{value}' is not supported: checks speak HTTP/1.0 and HTTP/1.1.");
                    return;
                case "body":
                    (words.Body, words.BodyFormat) = (value, null);
                    break;
                case "hdr" when IsFieldName(s, i) && CheckFormat.TryRead(s, i + 1, out var field, FormatUse.Header):
                    HttpSendWords.Add(value, field, words.Headers, words.HeaderFormats);
                    i++;
                    break;
                case "uri-lf" when CheckFormat.TryRead(s, i, out var target, FormatUse.Header) && (target.Text is null || IsWord(s, i, target.Text)):
                    (words.Target, words.TargetFormat) = (target.Text, target.Made);
                    break;
                case "body-lf" when CheckFormat.TryRead(s, i, out var body):
                    (words.Body, words.BodyFormat) = (body.Text, body.Made);
                    break;
                default:
                    return; // what is wrong has been said
            }
        }

        s.Check.AddRequest(words);
    }

    /// <summary>Whether a part of a request line is one, which nothing ends before its time.</summary>
    private static bool IsWord(Statement s, int index, string? text = null)
    {
        text ??= s[index];
        if (text.Length > 0 && !text.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return true;
        }

        s.Alert(index, $"'{s.Name}' : '{s[index - 1]}' expects a text without spaces and line ends (got '{text}').");
        return false;
    }

    private static bool IsFieldName(Statement s, int index)
    {
        var name = s[index];
        if (name.Length > 0 && !name.Any(static c => c == ':' || char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return true;
        }

        s.Alert(index, $"'{s.Name}' : 'hdr' expects the name of a header field (got '{name}').");
        return false;
    }

    /// <summary>Takes off what says of which family an address is.</summary>
    private static string WithoutFamily(string text, out AddressFamily? family)
    {
        family = text.StartsWith("ipv4@", StringComparison.Ordinal) ? AddressFamily.InterNetwork
            : text.StartsWith("ipv6@", StringComparison.Ordinal) ? AddressFamily.InterNetworkV6
            : null;
        return family is null ? text : text["ipv4@".Length..];
    }

    private static bool TryPort(Statement s, int index, out int port)
    {
        if (int.TryParse(s[index], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535)
        {
            return true;
        }

        s.Alert(index, $"'{s.Name}' : expects a valid TCP port (from range 1 to 65535), got {s[index]}.");
        return false;
    }

    /// <summary>Whether what is read as an address says a port too.</summary>
    public static bool HasPort(string text)
    {
        var rest = WithoutFamily(text, out _);
        return rest.Contains(':', StringComparison.Ordinal) && !Addresses.AddressText.TryRead(rest.Trim('[', ']'), out _);
    }

    /// <summary>Reads an address with or without a port.</summary>
    public static bool TryAddress(Statement s, int index, out string? address, out int? port)
    {
        var text = WithoutFamily(s[index], out var family);
        (address, port) = (null, null);
        if (Addresses.AddressText.TryRead(text.Trim('[', ']'), out var alone))
        {
            if (family is { } its && alone.AddressFamily != its)
            {
                s.Alert(index, $"'{s.Name}' : invalid address: '{s[index]}'.");
                return false;
            }

            address = alone.ToString();
            return true;
        }

        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        if (colon >= 0 && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 65535))
        {
            s.Alert(index, $"'{s.Name}' : invalid port in '{text}'.");
            return false;
        }

        address = host.Trim('[', ']');
        port = colon < 0 ? null : int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture) is var given and > 0 ? given : null;
        if (!Addresses.AddressText.TryRead(address, out _) && !Addresses.HostNames.IsName(address))
        {
            s.Alert(index, $"'{s.Name}' : invalid address: '{text}'.");
            return false;
        }

        return true;
    }
}
