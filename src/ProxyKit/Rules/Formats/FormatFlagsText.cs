namespace ProxyKit.Rules.Formats;

/// <summary>Reads flags: <c>+Q,-X</c>.</summary>
internal static class FormatFlagsText
{
    /// <param name="text">The text.</param>
    /// <param name="flags">The flags that it changes.</param>
    /// <exception cref="RuleFaultException">There is no such flag. HAProxy passes over those that it does not know; they are slips.</exception>
    public static FormatFlags Parse(string text, FormatFlags flags)
    {
        foreach (var written in text.Split(','))
        {
            var flag = written.Length == 0 ? FormatFlags.None : written[1..] switch
            {
                "Q" => FormatFlags.Quote,
                "X" => FormatFlags.Hex,
                "E" => FormatFlags.Escape,
                "json" => FormatFlags.Json,
                "cbor" => FormatFlags.Cbor,
                "bin" => FormatFlags.Binary,
                _ => FormatFlags.None,
            };
            if (flag == FormatFlags.None || written[0] is not ('+' or '-'))
            {
                throw new RuleFaultException(
                    $"no such flag '{written}' in '%{{{text}}}'. Expects '+' or '-' and one of 'Q', 'X', 'E', 'json', 'cbor' and 'bin'");
            }

            if (written[0] == '-')
            {
                flags &= ~flag;
            }
            else if ((flag & FormatFlags.Encoded) != 0)
            {
                flags = (flags & ~FormatFlags.Encoded) | flag; // one or the other
            }
            else
            {
                flags |= flag;
            }
        }

        return flags;
    }
}
