using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace ProxyKit.Tests.Packaging;

/// <summary>Builds take both processors, so these wait until the tests with sockets and clocks are done.</summary>
[CollectionDefinition(nameof(PackageTests), DisableParallelization = true)]
public sealed class PackageTestsRunAlone : ICollectionFixture<PackedTwice>;

[Collection(nameof(PackageTests))]
public sealed class PackageTests(PackedTwice packed)
{
    private const string Assembly = "lib/net10.0/ProxyKit.dll";

    [Fact]
    public void Package_carries_the_readme_and_the_icon_it_names()
    {
        Assert.Equal("README.md", Metadata("readme"));
        Assert.Equal("icon.png", Metadata("icon"));
        Assert.Equal(File.ReadAllBytes(RepositoryTree.PathOf("README.md")), packed.Package["README.md"]);
        Assert.Equal(File.ReadAllBytes(RepositoryTree.PathOf("icon.png")), packed.Package["icon.png"]);
    }

    [Fact]
    public void Package_names_its_licence_as_an_expression()
    {
        var license = Nuspec().Descendants().Single(e => e.Name.LocalName == "license");

        Assert.Equal("expression", license.Attribute("type")?.Value);
        Assert.Equal("MIT", license.Value);
    }

    [Fact]
    public void Package_depends_on_the_five_and_on_nothing_else()
    {
        var dependencies = Nuspec().Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")?.Value);

        Assert.Equal(
            [
                "Microsoft.Extensions.DependencyInjection.Abstractions",
                "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Options",
                "Polly.Core",
                "System.Threading.RateLimiting",
            ],
            dependencies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Package_holds_one_assembly_and_its_documentation()
    {
        Assert.Equal(
            [Assembly, "lib/net10.0/ProxyKit.xml"],
            packed.Package.Keys.Where(k => k.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        var documentation = XDocument.Parse(Encoding.UTF8.GetString(packed.Package["lib/net10.0/ProxyKit.xml"]).TrimStart('\uFEFF'));
        Assert.Equal("ProxyKit", documentation.Root?.Element("assembly")?.Element("name")?.Value);
    }

    [Fact]
    public void Symbol_package_holds_the_symbols_of_the_very_assembly_that_was_packed()
    {
        using var image = new PEReader(new MemoryStream(packed.Package[Assembly]));
        var entry = image.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(
            new MemoryStream(packed.Symbols["lib/net10.0/ProxyKit.pdb"]));

        var id = new BlobContentId(symbols.GetMetadataReader().DebugMetadataHeader!.Id); // a portable pdb has the header
        Assert.Equal(image.ReadCodeViewDebugDirectoryData(entry).Guid, id.Guid);
    }

    [Fact]
    public void Package_built_in_two_directories_has_the_same_assembly()
    {
        Assert.Equal(Hash(packed.Package[Assembly]), Hash(packed.SecondPackage[Assembly]));
    }

    [Fact]
    public void Package_names_no_directory_of_the_machine_that_built_it()
    {
        var assembly = Encoding.Latin1.GetString(packed.Package[Assembly]);

        Assert.DoesNotContain(Path.GetTempPath(), assembly, StringComparison.Ordinal);
    }

    private string? Metadata(string name) => Nuspec().Descendants().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

    private XDocument Nuspec() => XDocument.Load(new MemoryStream(packed.Package["ProxyKit.nuspec"]));

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
