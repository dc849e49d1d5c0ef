using ProxyKit.Http;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Metering;

/// <summary>Something that is counted. Counts where a server has answered, whatever the status.</summary>
public sealed class MeterOptions
{
    /// <summary>Its name, in totals and price plans; unique, visible ASCII without spaces and backslashes, at most 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>How much a request counts for, in whole units; nothing where it has no value or one below zero, and 10^12 where it is
    /// more than that. Asked when the response begins: of the request where it can be asked there, else of the response.</summary>
    /// <value>Null by default; either this or <see cref="Measure"/> is needed.</value>
    public Expression? Quantity { get; set; }

    /// <summary>The same in C#. Where it throws, the client gets a 500 in place of the response, and nothing is counted but that.</summary>
    /// <value>Null by default.</value>
    public Func<HttpExchange, long>? Measure { get; set; }
}
