using System.Net;
using System.Security.Authentication;
using System.Text;
using ProxyKit.Rules.Fetches;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Formats;

/// <summary>The process, the machine, the client's TLS, and the occasion of the line.</summary>
internal static class ProcessAliases
{
    public static readonly FormatAlias[] All =
    [
        new("H", static (scoped in _, ref w) => w.Text(HostName)),
        new("pid", static (scoped in _, ref w) => w.Number(Environment.ProcessId, hexDigits: 4, digits: 1)),
        new("sslv", static (scoped in f, ref w) => w.Text(Version(f.Context))),
        new("sslc", static (scoped in f, ref w) => w.Text(Cipher(f.Context))),
        new("OG", static (scoped in f, ref w) => Origin(ref w, f.Record.Origin)),
    ];

    private static readonly byte[] HostName = Encoding.UTF8.GetBytes(Dns.GetHostName()); // as it was at the start; HAProxy keeps it too

    private static ReadOnlySpan<byte> Version(RuleContext context) => context.Session.Tls?.Protocol switch
    {
        SslProtocols.Tls13 => "TLSv1.3"u8,
        SslProtocols.Tls12 => "TLSv1.2"u8,
        _ => default, // no older one is ever agreed upon
    };

    private static ReadOnlySpan<byte> Cipher(RuleContext context) =>
        context.Session.Tls is { } tls ? CipherNames.Of(tls.CipherSuite).Name.Span : default;

    private static void Origin(ref FormatWriter writer, string origin)
    {
        Span<byte> bytes = stackalloc byte[16];
        writer.Text(bytes[..Encoding.ASCII.GetBytes(origin, bytes)]);
    }
}
