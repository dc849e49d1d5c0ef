using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProxyKit.Billing;

/// <summary>What a file of prices says, member by member. The members are documented where they go: <see cref="PricePlan"/>, <see cref="MeterPrice"/>,
/// <see cref="PriceBand"/>, <see cref="Subscription"/>.</summary>
internal sealed class PriceListDocument
{
    public PlanDocument[] Plans { get; set; } = [];

    public SubscriptionDocument[] Subscriptions { get; set; } = [];

    /// <summary>Where a null stands in place of an entry, which what reads the file lets through; null where all are there.</summary>
    public string? FirstNull()
    {
        var place = In(Plans, "plans") ?? In(Subscriptions, "subscriptions");
        foreach (var (index, plan) in place is null ? Plans.Index() : [])
        {
            var prices = $"plans[{index}].prices";
            place ??= In(plan.Prices, prices) ?? plan.Prices.Select((price, at) => In(price.Bands, $"{prices}[{at}].bands")).FirstOrDefault(static p => p is not null);
        }

        return place;

        static string? In(object?[] entries, string name) => Array.IndexOf(entries, null) is var index and >= 0 ? $"{name}[{index}]" : null;
    }
}

internal sealed class PlanDocument
{
    public required string Name { get; set; }

    public string Currency { get; set; } = "EUR";

    public int Decimals { get; set; } = 2;

    public decimal FlatFee { get; set; }

    public decimal? Minimum { get; set; }

    public bool IsProrated { get; set; } = true;

    public PriceDocument[] Prices { get; set; } = [];
}

internal sealed class PriceDocument
{
    public required string Meter { get; set; }

    public long Included { get; set; }

    public PriceModel Model { get; set; }

    public decimal UnitPrice { get; set; }

    public long PerUnits { get; set; } = 1;

    public BandDocument[] Bands { get; set; } = [];
}

internal sealed class BandDocument
{
    public long? UpTo { get; set; }

    public required decimal UnitPrice { get; set; }

    public decimal FlatFee { get; set; }
}

internal sealed class SubscriptionDocument
{
    public required string Client { get; set; }

    public required string Plan { get; set; }

    public DateOnly? From { get; set; }

    public DateOnly? Until { get; set; }

    public string? Tier { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PriceListDocument))]
internal sealed partial class PriceListJson : JsonSerializerContext;
