using System.Globalization;

namespace ProxyKit.Billing;

/// <summary>Finds what is wrong with price plans.</summary>
internal static class PricePlanCheck
{
    private const int MostDecimals = 6;

    public static IReadOnlyList<string> Faults(PricePlan plan)
    {
        var faults = new List<string>();
        var place = $"plan \"{plan.Name}\" > ";
        Add(string.IsNullOrWhiteSpace(plan.Name), $"{place}Name: a name is needed.");
        Add(plan.Currency is not { Length: 3 } || !plan.Currency.All(char.IsAsciiLetterUpper), $"{place}Currency: {plan.Currency} is not three capital letters.");
        Add(plan.Decimals is < 0 or > MostDecimals, $"{place}Decimals: {plan.Decimals} is out of range (0-{MostDecimals}).");
        Add(plan.FlatFee < 0, Invariant($"{place}FlatFee: {plan.FlatFee} is below zero."));
        Add(plan.Minimum < 0, Invariant($"{place}Minimum: {plan.Minimum} is below zero."));
        foreach (var price in plan.Prices)
        {
            CheckPrice(price, $"{place}price \"{price.Meter}\" > ");
        }

        foreach (var twice in plan.Prices.GroupBy(static p => p.Meter, StringComparer.Ordinal).Where(static g => g.Count() > 1))
        {
            faults.Add($"{place}Prices: {twice.Count()} of them are for \"{twice.Key}\".");
        }

        return faults;

        void CheckPrice(MeterPrice price, string path)
        {
            Add(string.IsNullOrEmpty(price.Meter), $"{path}Meter: a name is needed.");
            Add(price.Included < 0, Invariant($"{path}Included: {price.Included} is below zero."));
            Add(price.PerUnits < 1, Invariant($"{path}PerUnits: {price.PerUnits} is out of range (1 or more)."));
            Add(price.UnitPrice < 0, Invariant($"{path}UnitPrice: {price.UnitPrice} is below zero."));
            Add(!Enum.IsDefined(price.Model), $"{path}Model: {price.Model} is none of {string.Join(", ", Enum.GetNames<PriceModel>())}.");
            var hasBands = price.Bands.Count > 0;
            Add(price.Model == PriceModel.PerUnit && hasBands, $"{path}Bands: are for {nameof(PriceModel.Graduated)} and {nameof(PriceModel.Volume)}.");
            Add(price.Model != PriceModel.PerUnit && !hasBands, $"{path}Bands: there is none.");
            Add(price.Model != PriceModel.PerUnit && price.UnitPrice != 0, $"{path}UnitPrice: is for {nameof(PriceModel.PerUnit)}; bands have prices of their own.");
            Add(hasBands && price.Bands[^1].UpTo is not null, $"{path}Bands: the last one has an end, so that more has no price.");
            var end = 0L;
            foreach (var (index, band) in price.Bands.Index())
            {
                Add(band.UnitPrice < 0 || band.FlatFee < 0, $"{path}band {index + 1}: a price is below zero.");
                Add(band.UpTo <= end, $"{path}band {index + 1} > UpTo: {band.UpTo} is not beyond the band before.");
                Add(band.UpTo is null && index < price.Bands.Count - 1, $"{path}band {index + 1} > UpTo: only the last band has no end.");
                end = band.UpTo ?? end;
            }
        }

        void Add(bool isWrong, string fault)
        {
            if (isWrong)
            {
                faults.Add(fault);
            }
        }

        static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
