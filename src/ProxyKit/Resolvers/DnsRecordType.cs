namespace ProxyKit.Resolvers;

/// <summary>The kinds of records that are asked for or followed (RFC 1035, RFC 3596, RFC 2782).</summary>
internal enum DnsRecordType : ushort
{
    A = 1,
    Cname = 5,
    Aaaa = 28,
    Srv = 33,
}
