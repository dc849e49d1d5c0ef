using System.Text;
using System.Xml.Linq;

namespace ProxyKit.Tests.Packaging;

/// <summary>The package of ProxyKit.PostgreSql, as who installs it gets it.</summary>
[Collection(nameof(PackageTests))]
public sealed class PostgreSqlPackageTests(PackedTwice packed)
{
    [Fact]
    public void Package_says_what_it_is() => Assert.Equal(
        ("ProxyKit.PostgreSql", "MIT", "README.md", "icon.png"), (Metadata("id"), Metadata("license"), Metadata("readme"), Metadata("icon")));

    [Fact]
    public void Package_carries_the_readme_and_the_icon_it_names()
    {
        Assert.Equal(File.ReadAllBytes(RepositoryTree.PathOf("README.md")), packed.PostgreSqlPackage["README.md"]);
        Assert.Equal(File.ReadAllBytes(RepositoryTree.PathOf("icon.png")), packed.PostgreSqlPackage["icon.png"]);
    }

    [Fact]
    public void Package_depends_on_the_core_of_its_own_version_and_on_Npgsql_alone()
    {
        var dependencies = Nuspec().Descendants().Where(static e => e.Name.LocalName == "dependency").ToDictionary(
            static e => e.Attribute("id")!.Value, static e => e.Attribute("version")?.Value); // a dependency has an id

        Assert.Equal(["Npgsql", "ProxyKit"], dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Metadata("version"), dependencies["ProxyKit"]);
    }

    [Fact]
    public void Package_holds_one_assembly_and_its_documentation()
    {
        Assert.Equal(
            ["lib/net10.0/ProxyKit.PostgreSql.dll", "lib/net10.0/ProxyKit.PostgreSql.xml"],
            packed.PostgreSqlPackage.Keys.Where(static k => k.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        var documentation = XDocument.Parse(Encoding.UTF8.GetString(packed.PostgreSqlPackage["lib/net10.0/ProxyKit.PostgreSql.xml"]).TrimStart('\uFEFF'));
        Assert.Contains(
            documentation.Descendants("member"), static m => m.Attribute("name")?.Value == "T:ProxyKit.PostgreSql.PostgreSqlGateway" && m.Element("summary") is not null);
    }

    private string? Metadata(string name) => Nuspec().Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private XDocument Nuspec() => XDocument.Load(new MemoryStream(packed.PostgreSqlPackage["ProxyKit.PostgreSql.nuspec"]));
}
