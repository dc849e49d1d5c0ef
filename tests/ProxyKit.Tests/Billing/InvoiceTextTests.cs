using System.Text.Json;
using ProxyKit.Billing;
using static ProxyKit.Tests.Billing.Plans;

namespace ProxyKit.Tests.Billing;

public sealed class InvoiceTextTests
{
    [Fact]
    public void Json_has_every_line_and_their_sum()
    {
        var invoice = Charge(Plan(static p =>
        {
            p.FlatFee = 10m;
            p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 0.4m, PerUnits = 1000 });
        }), Used(2500)) with { Number = "2026-1" };

        using var json = JsonDocument.Parse(invoice.ToJson());

        var root = json.RootElement;
        Assert.Equal(("2026-1", "acme", "2026-11-01", "2026-12-01", "EUR"), (Text("number"), Text("client"), Text("from"), Text("until"), Text("currency")));
        Assert.Equal("11.00", root.GetProperty("total").GetRawText());
        Assert.Equal(11m, root.GetProperty("lines").EnumerateArray().Sum(static l => l.GetProperty("amount").GetDecimal()));
        Assert.Equal(1000, root.GetProperty("lines")[1].GetProperty("perUnits").GetInt64());

        string? Text(string name) => root.GetProperty(name).GetString();
    }

    [Fact]
    public void Csv_has_a_row_for_each_line_and_each_total()
    {
        var csv = new[] { Charge(Plan(static p => p.FlatFee = 10m)) }.ToCsv();

        Assert.Equal(
            "number,client,plan,from,until,state,takes_back,kind,description,meter,quantity,unit_price,per_units,amount,currency,corrects\r\n"
            + ",acme,gold,2026-11-01,2026-12-01,final,,flat-fee,gold,,1,10,1,10.00,EUR,\r\n"
            + ",acme,gold,2026-11-01,2026-12-01,final,,total,,,,,,10.00,EUR,\r\n",
            csv);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@a", "'@a")]
    [InlineData("\t=1", "'\t'=1")]
    [InlineData("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)")] // where fields are parted at semicolons
    [InlineData("x\t+1;-1;@a;b=c-d", "x\t'+1;'-1;'@a;b=c-d")]
    [InlineData("=\"a\";=1", "\"'=\"\"a\"\";'=1\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    public void Name_that_a_spreadsheet_would_run_or_misread_is_made_harmless(string client, string field)
    {
        var csv = new[] { Charge(Plan(static p => p.FlatFee = 10m)) with { Client = client } }.ToCsv();

        Assert.Contains($"\r\n,{field},gold,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public void Price_list_is_read_as_it_stands()
    {
        var list = PriceList.Parse(
            """
            {
                // what we sell
                "plans": [
                    { "name": "gold", "currency": "USD", "flatFee": 49, "minimum": 60, "prices": [
                        { "meter": "requests", "included": 1000, "unitPrice": 0.4, "perUnits": 1000 },
                        { "meter": "tokens", "model": "Graduated", "bands": [ { "upTo": 10, "unitPrice": 1 }, { "unitPrice": 0.5, "flatFee": 2 } ] },
                    ] },
                ],
                "subscriptions": [ { "client": "acme", "plan": "gold", "from": "2026-11-05", "tier": "gold" } ],
            }
            """);

        var subscription = Assert.Single(list.Subscriptions);
        Assert.Equal(("acme", "gold", new DateOnly(2026, 11, 5), "gold"), (subscription.Client, subscription.Plan.Name, subscription.From!.Value, subscription.Tier!));
        Assert.Equal(("USD", 49m, 60m), (subscription.Plan.Currency, subscription.Plan.FlatFee, subscription.Plan.Minimum!.Value));
        Assert.Equal([new PriceBand(10, 1), new PriceBand(null, 0.5m, 2)], subscription.Plan.Prices[1].Bands);
    }

    [Theory]
    [InlineData("""{ "plans": [ { "name": "gold", "flatfee": 1 } ] }""", "flatfee")]
    [InlineData("""{ "plans": [ { "name": "gold" }, { "name": "gold" } ] }""", "2 of them have this name")]
    [InlineData("""{ "plans": [], "subscriptions": [ { "client": "a", "plan": "gold" } ] }""", "there is no plan \"gold\"")]
    [InlineData("""{ "plans": [ { "name": "gold", "decimals": 7 } ] }""", "Decimals: 7 is out of range")]
    [InlineData("""{ "plans": [ { "name": "gold", "prices": [ { } ] } ] }""", "meter")]
    public void Price_list_with_a_fault_is_refused(string json, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => PriceList.Parse(json)).Message, StringComparison.Ordinal);
}
