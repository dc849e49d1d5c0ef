using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProxyKit.Billing;

/// <summary>What a file of prices says, member by member. The members are documented where they go: <see cref="PricePlan"/>, <see cref="MeterPrice"/>,
/// <see cref="PriceBand"/>, <see cref="Subscription"/>.</summary>
internal sealed class PriceListDocument
{
    public PlanDocument[] Plans { get; set; } = [];

    public SubscriptionDocument[] Subscriptions { get; set; } = [];
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
    UseStringEnumConverter = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PriceListDocument))]
internal sealed partial class PriceListJson : JsonSerializerContext;
