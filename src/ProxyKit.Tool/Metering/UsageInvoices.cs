using System.Globalization;
using ProxyKit.Billing;
using ProxyKit.Metering;
using ProxyKit.Rules.Expressions;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Metering;

/// <summary>Says what was used costs. The verb <c>usage invoice</c>.</summary>
internal static class UsageInvoices
{
    private const int MostNamed = 10; // clients of one notice: thousands may have no subscription

    /// <returns>Whether all is well.</returns>
    public static async Task<bool> WriteAsync(UsageSource source, UsageWords words, MessageWriter messages, TextWriter output)
    {
        var list = PriceList.Parse(await File.ReadAllTextAsync(words.Prices!).ConfigureAwait(false)); // the words say that it is there
        var period = words.Month!.Value; // as they do of this
        var invoicer = new Invoicer(words.Zone);
        if (words.Client is { } client && list.Subscriptions.All(s => s.Client != client))
        {
            messages.Alert($"usage : '{words.Prices}' has no subscription of '{client}'{NearestName.Hint(client, list.Subscriptions.Select(static s => s.Client))}.");
            return false;
        }

        var isDraft = !(await source.ReadClosedUntilAsync().ConfigureAwait(false) >= period.EndIn(words.Zone));
        var invoices = new List<Invoice>();
        var invoiced = new HashSet<string>(StringComparer.Ordinal); // clients, as usage names them
        foreach (var same in list.Subscriptions
            .Where(s => words.Client is null || s.Client == words.Client)
            .Where(s => s.From is null || s.From < period.Until)
            .GroupBy(s => invoicer.QueryFor(s, period) with { Client = words.Client })) // most have the same days: the usage is read once for them
        {
            var used = (await source.ReadAsync(same.Key).ConfigureAwait(false)).ToLookup(static t => t.Client, StringComparer.Ordinal);
            var charges = same.Select(s => new Charge(s, [.. used[invoicer.QueryFor(s, period).Client!]])).ToList(); // a query has its subscription's client
            var earlier = await ReadEarlierAsync(source, words, charges, s => invoicer.EarlierQueriesFor(s.Subscription, period, s.Used)).ConfigureAwait(false);
            foreach (var (subscription, invoice) in charges
                .Select(c => (c.Subscription, Invoice: invoicer.Create(c.Subscription, period, c.Used, earlier(c)) with { IsDraft = isDraft }))
                .Where(i => period.Overlap(i.Subscription.From, i.Subscription.Until).Days > 0 || i.Invoice.Lines.Count > 0)) // one that has ended may have late usage
            {
                invoices.Add(invoice);
                invoiced.Add(invoicer.QueryFor(subscription, period).Client!);
            }
        }

        var month = new UsageQuery { From = words.StartOf(period.From), Until = words.StartOf(period.Until) };
        string[] others = words.Client is null
            ? [.. (await source.ReadAsync(month).ConfigureAwait(false)).Select(static t => t.Client).Where(c => !invoiced.Contains(c)).Distinct().Order(StringComparer.Ordinal)]
            : [];

        if (words.Number is { } number)
        {
            if (isDraft)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'--number': {period.From:yyyy-MM} is not closed, and drafts have no numbers."));
            }

            invoices = [.. invoices.Select((invoice, index) => invoice with { Number = InvoiceNumbers.Behind(number, index) })];
        }

        if (!source.TellDamage(words, messages))
        {
            messages.Alert("usage : no invoice is made of a damaged journal; '--accept-damage' makes it of the rest.");
            return false;
        }

        TellOthers(others, period, messages);
        if (words.WritesJson)
        {
            await output.WriteLineAsync($"[{string.Join(",\n", invoices.Select(static i => i.ToJson()))}]").ConfigureAwait(false);
        }
        else
        {
            await output.WriteAsync(words.WritesCsv ? invoices.ToCsv() : string.Join('\n', invoices.Select(Text))).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Tells who used something and gets no invoice: nobody else might miss it.</summary>
    private static void TellOthers(string[] clients, BillingPeriod period, MessageWriter messages)
    {
        if (clients.Length > 0)
        {
            var names = string.Join(", ", clients.Take(MostNamed).Select(static c => $"'{c}'"));
            var more = clients.Length > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {clients.Length - MostNamed} more") : "";
            messages.Notice(string.Create(
                CultureInfo.InvariantCulture, $"usage : no invoice for {names}{more}: usage in {period.From:yyyy-MM}, but no subscription for it."));
        }
    }

    /// <summary>Reads what was used in the months that something came late for: once for all clients who ask for the same.</summary>
    private static async Task<Func<Charge, IEnumerable<UsageTotal>>> ReadEarlierAsync(
        UsageSource source, UsageWords words, List<Charge> charges, Func<Charge, IReadOnlyList<UsageQuery>> queriesOf)
    {
        var queries = charges.ToDictionary(static c => c, queriesOf);
        var read = new Dictionary<UsageQuery, ILookup<string, UsageTotal>>();
        foreach (var same in queries.Values.SelectMany(static q => q).GroupBy(q => q with { Client = words.Client }))
        {
            var clients = same.Select(static q => q.Client).ToHashSet(StringComparer.Ordinal);
            read[same.Key] = (await source.ReadAsync(same.Key).ConfigureAwait(false))
                .Where(t => clients.Contains(t.Client)).ToLookup(static t => t.Client, StringComparer.Ordinal);
        }

        return charge => queries[charge].SelectMany(q => read[q with { Client = words.Client }][q.Client!]);
    }

    private static string Text(Invoice invoice)
    {
        List<string[]> rows = [["", "QUANTITY", "PRICE", "AMOUNT"]];
        rows.AddRange(invoice.Lines.Select(static l => (string[])[l.Description, UsageTable.Number(l.Quantity), Price(l), UsageTable.Number(l.Amount)]));
        rows.Add(["total", "", "", $"{UsageTable.Number(invoice.Total)} {invoice.Currency}"]);
        return $"{(invoice.Number.Length > 0 ? invoice.Number + ": " : "")}{invoice.Client}, {invoice.Plan}, {invoice.Period}{(invoice.IsDraft ? " (draft: not closed)" : "")}\n{UsageTable.Aligned(rows, right: [1, 2])}";

        static string Price(InvoiceLine line) => line.UnitPrice is not { } price ? ""
            : line.PerUnits == 1 ? UsageTable.Number(price) : $"{UsageTable.Number(price)} per {UsageTable.Number(line.PerUnits)}";
    }

    /// <summary>A subscription, and what its client used in the month. Equal to itself only.</summary>
    private sealed class Charge(Subscription subscription, List<UsageTotal> used)
    {
        public Subscription Subscription => subscription;

        public List<UsageTotal> Used => used;
    }
}
