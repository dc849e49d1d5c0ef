using System.Net;

namespace ProxyKit.Resolvers;

/// <summary>What came of a question. Immutable.</summary>
/// <param name="Status">Whether it is of use.</param>
internal sealed record DnsAnswer(DnsStatus Status)
{
    public static DnsAnswer TimedOut { get; } = new(DnsStatus.TimedOut);

    public static DnsAnswer Other { get; } = new(DnsStatus.Other);

    /// <summary>The addresses, in the order in which they came.</summary>
    public IPAddress[] Addresses { get; init; } = [];

    /// <summary>The places of a service, likewise.</summary>
    public DnsService[] Services { get; init; } = [];

    /// <summary>Who has answered, as <c>group/nameserver</c>.</summary>
    public string By { get; init; } = "";

    public bool IsValid => Status == DnsStatus.Valid;
}

/// <summary>One place of a service (RFC 2782).</summary>
/// <param name="Target">The host's name.</param>
/// <param name="Port">Its port.</param>
/// <param name="Weight">Its share of the work, 0 to 65535.</param>
/// <param name="Address">Its address, where the answer had that with it.</param>
internal sealed record DnsService(string Target, int Port, int Weight, IPAddress? Address);
