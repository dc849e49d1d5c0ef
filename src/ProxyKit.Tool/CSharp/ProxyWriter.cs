using ProxyKit.StickTables;
using ProxyKit.Tool.CSharp.Layout;

namespace ProxyKit.Tool.CSharp;

/// <summary>Writes a whole configuration as a file of C#.</summary>
internal static class ProxyWriter
{
    /// <summary>Writes a configuration.</summary>
    /// <param name="options">What the proxy is made of.</param>
    /// <param name="title">What the file is about, for its first line.</param>
    /// <param name="faults">What cannot be written; the text is of no use unless it is empty.</param>
    /// <returns>The text.</returns>
    public static string Write(ProxyOptions options, string title, out IReadOnlyList<string> faults)
    {
        var text = Write(options, title, keepsAcls: false, out faults);

        // A value may ask for an ACL by its name, be it from a file that is read later.
        return text.Contains("acl(", StringComparison.Ordinal) || text.Contains($".{nameof(Reply.FormatFile)}(", StringComparison.Ordinal)
            ? Write(options, title, keepsAcls: true, out faults)
            : text;
    }

    private static string Write(ProxyOptions options, string title, bool keepsAcls, out IReadOnlyList<string> faults)
    {
        var names = new TypeNames();
        var found = new List<string>();
        var values = new ValueWriter(names, found);
        var calls = Calls(options, values, new SectionWriter(values, keepsAcls)).ToArray();

        var lines = new CodeLines();
        names.Of(typeof(ProxyBuilder));
        lines.Append($"// {Literals.Comment(title)}");
        lines.Break();
        lines.Append("//     builder.Services.AddProxyKit(ProxyConfiguration.Configure);");
        lines.Break();
        lines.Break();
        foreach (var name in names.Namespaces)
        {
            lines.Append($"using {name};");
            lines.Break();
        }

        lines.Break();
        new CodeClass("public static class ProxyConfiguration", calls.Length > 0
            ? new CodeSequence(new CodeChain("public static void Configure(ProxyBuilder proxy) => proxy", calls), ";")
            : "public static void Configure(ProxyBuilder proxy) { }").WriteTo(lines);
        faults = found;
        return lines.ToString();
    }

    private static IEnumerable<Code> Calls(ProxyOptions options, ValueWriter values, SectionWriter sections)
    {
        string[] apart = [nameof(options.Frontends), nameof(options.Backends), nameof(options.StickTables)];
        var verbs = new VerbWriter(values);
        return
        [
            .. verbs.Write(typeof(ProxyBuilder), options, Differences.Between(options, new ProxyOptions()).Where(d => !apart.Contains(d.Name))),
            .. options.StickTables.Select(table => Write(table, values, verbs)),
            .. options.Frontends.Select(sections.Write),
            .. options.Backends.Select(sections.Write),
        ];
    }

    private static Code Write(StickTableOptions table, ValueWriter values, VerbWriter verbs)
    {
        var plain = new StickTableOptions { Name = table.Name, KeyType = table.KeyType, Size = table.Size, Expire = table.Expire };
        return Differences.Between(table, plain).Any(static d => d.Name != nameof(table.Store) && !Differences.IsRequired(d.Property))
            ? verbs.WriteConfigure(typeof(ProxyBuilder), [verbs.Add($"options.{nameof(ProxyOptions.StickTables)}", table)])
            : CodeList.Call(
                $".{nameof(ProxyBuilder.AddStickTable)}",
                [.. new object?[] { table.Name, table.KeyType, table.Size, table.Expire }.Concat(table.Store).Select(values.Write)]);
    }
}
