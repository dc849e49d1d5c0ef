using ProxyKit.HAProxyConfig.Addresses;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads <c>bind</c> lines.</summary>
internal static class BindLines
{
    public static void Read(Statement s)
    {
        var addresses = new List<BoundAddress>();
        var column = s.PlaceOf(0).Column;
        foreach (var text in s[0].Split(','))
        {
            if (BindAddress.Read(text, addresses) is { } fault)
            {
                s.Diagnostics.Alert(s.PlaceOf(0) with { Column = column }, $"'bind' : {fault}.");
            }

            column += text.Length + 1;
        }

        var bind = new BindSection(addresses, s.Place);
        s.RunParameters(1, Section.Bind, bind);
        if (bind.IsSecure && bind.Certificates.Count == 0 && (bind.Tls.IsStrict ?? s.Model.Global.BindTls.IsStrict) != true)
        {
            s.Alert($"'bind {s[0]}' : 'ssl' expects a certificate: add 'crt <file>'.");
        }

        if (!bind.IsSecure && bind.TlsWord is var (word, place))
        {
            s.Diagnostics.Warning(place, $"'bind {s[0]}' : '{word}' has no effect without 'ssl': clients are spoken to in plain text.");
        }

        if (bind.Id is { } id && s.Proxy.Binds.Find(other => other.Id == id) is { } twin)
        {
            s.Alert($"'bind {s[0]}' : 'id' : custom id {id} already used at {twin.Place}.");
        }

        s.Proxy.Binds.Add(bind);
    }
}
