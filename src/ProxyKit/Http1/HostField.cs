using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Sees to it that a request names one host only (RFC 9112 §3.2): in all its Host fields, and in its target.</summary>
internal static class HostField
{
    /// <summary>Checks the Host fields, drops repetitions and takes a default port off; to be called when there is at least one.</summary>
    public static Refusal? Check(RequestHead head)
    {
        var headers = head.Headers;
        var index = headers.IndexOf(KnownHeader.Host);
        var value = headers.ValueAt(index);
        for (var other = headers.IndexOf(KnownHeader.Host, index + 1); other >= 0; other = headers.IndexOf(KnownHeader.Host, other + 1))
        {
            if (!value.SequenceEqual(headers.ValueAt(other)) && !Ascii.EqualsIgnoreCase(value, headers.ValueAt(other)))
            {
                return Refusal.HostsDiffer;
            }

            headers.RemoveAt(other);
        }

        if (!Authority.TryParse(value, out var host))
        {
            return Refusal.HostMalformed;
        }

        return head.Form switch
        {
            TargetForm.Absolute => CheckAbsolute(head, index, host),
            TargetForm.Authority => CheckConnect(head, host),
            _ => null,
        };
    }

    private static Refusal? CheckAbsolute(RequestHead head, int index, Authority host)
    {
        var scheme = RequestTarget.Scheme(head);
        if (!Authority.TryParse(head.AuthorityBytes, out var authority) || !authority.Equals(host, scheme))
        {
            return Refusal.HostNotAuthority;
        }

        var length = host.NormalizedLength(scheme);
        if (length != host.Length)
        {
            head.Headers.NarrowValueAt(index, 0, length);
        }

        return null;
    }

    private static Refusal? CheckConnect(RequestHead head, Authority host)
    {
        if (!Authority.TryParse(head.AuthorityBytes, out var authority) || !authority.EqualsHost(host))
        {
            return Refusal.HostNotAuthority;
        }

        // The target has no scheme that would say which default port Host may leave out.
        var isPortLeftOut = host.Port.Length == 0 && (authority.Port.SequenceEqual("443"u8) || authority.Port.SequenceEqual("80"u8));
        return isPortLeftOut || authority.Port.SequenceEqual(host.Port) ? null : Refusal.HostNotAuthority;
    }
}
