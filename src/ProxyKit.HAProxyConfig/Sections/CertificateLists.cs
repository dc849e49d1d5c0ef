using ProxyKit.HAProxyConfig.Files;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads the files of <c>crt-list</c>: a certificate in each line, with parameters of <c>bind</c> in brackets that count for it, and the names
/// that it is for.</summary>
internal static class CertificateLists
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "alpn", "no-alpn", "ca-file", "ca-verify-file", "crl-file", "no-ca-names", "ssl-min-ver", "ssl-max-ver",
        "ciphers", "ciphersuites", "curves", "ecdhe", "verify",
    };

    public static void Read(Statement s)
    {
        var path = s.PathOf(s[0]); // 'crt-base' is for what stands in it
        if (ReferredFile.Check(path) is { } fault)
        {
            s.Alert(0, $"unable to load the list of certificates '{path}': {fault}.");
            return;
        }

        var count = s.Bind.Certificates.Count;
        foreach (var (index, text) in File.ReadLines(path).Index())
        {
            if (text.AsSpan().TrimStart() is { IsEmpty: false } trimmed && trimmed[0] != '#')
            {
                Read(s, new ConfigLine(path, index + 1, WordsOf(text)));
            }
        }

        if (s.Bind.Certificates.Count == count && !s.Diagnostics.HasAlerts)
        {
            s.Alert(0, $"the list '{path}' has no certificate.");
        }
    }

    /// <summary>The words of a line, brackets being words of their own.</summary>
    private static List<Word> WordsOf(string line)
    {
        var words = new List<Word>();
        for (var i = 0; i < line.Length;)
        {
            var start = i;
            if (line[i] is '[' or ']')
            {
                i++;
            }
            else
            {
                while (i < line.Length && !char.IsWhiteSpace(line[i]) && line[i] is not ('[' or ']'))
                {
                    i++;
                }
            }

            if (i > start)
            {
                words.Add(new Word(line[start..i], start + 1));
            }
            else
            {
                i++; // blank
            }
        }

        return words;
    }

    private static void Read(Statement s, ConfigLine line)
    {
        var words = line.Words;
        if (CertificateStore.Find(s, words[0].Text) is not { } certificate)
        {
            s.Diagnostics.Alert(line.PlaceOf(0), $"there is no certificate '{words[0].Text}' in a 'crt-store' section above.");
            return;
        }

        if (ReferredFile.CheckCertificate(certificate.Path) is { } fault)
        {
            s.Diagnostics.Alert(line.PlaceOf(0), $"unable to load SSL certificate from PEM file '{certificate.Path}': {fault}.");
            return;
        }

        var own = new BindSection([], line.Place);
        var next = 1;
        if (words.Count > 1 && words[1].Text == "[")
        {
            var close = Enumerable.Range(2, words.Count - 2).FirstOrDefault(i => words[i].Text == "]");
            if (close == 0)
            {
                s.Diagnostics.Alert(line.PlaceOf(1), "a bracket is opened here and not closed.");
                return;
            }

            ReadParameters(s, line, close, own, certificate);
            next = close + 1;
        }

        (certificate.MinimumProtocol, certificate.MaximumProtocol) = (own.Tls.Minimum, own.Tls.Maximum);
        (certificate.Ciphers, certificate.CipherSuites, certificate.ApplicationProtocols) = (own.Tls.Ciphers, own.Tls.CipherSuites, own.Protocols);
        foreach (var word in words.Skip(next))
        {
            if (word.Text is "[" or "]")
            {
                s.Diagnostics.Alert(line.Place with { Column = word.Column }, "parameters in brackets stand behind the file, before names.");
                return;
            }

            certificate.Names.Add(word.Text);
        }

        if (certificate.Names.Any(static n => n[0] == '!') && !certificate.Names.Any(static n => n.StartsWith("*.", StringComparison.Ordinal)))
        {
            s.Diagnostics.Alert(line.Place, "a name with '!' is an exception from one with '*.' in the same line, and there is none.");
        }

        if (own.Clients.IsAny)
        {
            s.Bind.OwnClients.Add((certificate, own.Clients));
        }

        s.Bind.Certificates.Add(certificate);
    }

    private static void ReadOfCertificate(Statement s, ConfigLine line, int index, BindCertificateOptions certificate)
    {
        var isKey = line.Words[index].Text == "key";
        var value = index + 1 < line.Words.Count ? line.Words[index + 1].Text : "";
        if (!isKey && value is "on" or "off")
        {
            certificate.StaplesOcsp = value == "on";
        }
        else if (!isKey || value.Length == 0)
        {
            s.Diagnostics.Alert(line.PlaceOf(index), isKey ? "'key' expects <file>." : $"'ocsp-update' only supports 'on', 'off' (got '{value}')");
        }
        else
        {
            certificate.KeyPath = s.PathOf(value, s.Model.Global.KeyDirectory);
            if (ReferredFile.Check(certificate.KeyPath) is { } fault)
            {
                s.Diagnostics.Alert(line.PlaceOf(index + 1), $"unable to load SSL private key from file '{certificate.KeyPath}': {fault}.");
            }
        }
    }

    /// <summary>Runs what stands in the brackets, as far as lines may have it.</summary>
    private static void ReadParameters(Statement s, ConfigLine line, int close, BindSection own, BindCertificateOptions certificate)
    {
        var inside = new ConfigLine(line.File, line.Number, [.. line.Words.Take(close)]);
        for (var i = 2; i < inside.Words.Count;)
        {
            var text = inside.Words[i].Text;
            if (text is "key" or "ocsp-update") // of the certificate, and nothing that binds have
            {
                ReadOfCertificate(s, inside, i, certificate);
                inside = new ConfigLine(line.File, line.Number, [.. inside.Words.Take(i), .. inside.Words.Skip(i + 2)]);
                continue;
            }

            if (!Known.Contains(text))
            {
                s.Diagnostics.Alert(
                    inside.PlaceOf(i),
                    KeywordTable.Find(text, null, Section.Bind) is null ? $"unknown parameter '{text}'." : $"'{text}' is not supported in a list of certificates.");
                return; // what follows may be its arguments
            }

            i += 1 + KeywordTable.Find(text, null, Section.Bind)!.MostArguments; // there is one
        }

        s.RunParameters(inside, 2, own);
    }
}
