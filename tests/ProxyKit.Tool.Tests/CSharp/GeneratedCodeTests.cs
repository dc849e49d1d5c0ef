namespace ProxyKit.Tool.Tests.CSharp;

public sealed class GeneratedCodeTests(GeneratedCode generated) : IClassFixture<GeneratedCode>
{
    public static TheoryData<string> Names => [.. GeneratedCode.Files, GeneratedCode.Everything];

    [Theory]
    [MemberData(nameof(Names))]
    public void Code_makes_the_options_that_it_was_written_from(string name)
    {
        // ACLs are there under their names only where something asks for them by name.
        var keepsAcls = generated.Code(name).Contains("options.Acls[", StringComparison.Ordinal);
        var read = OptionsGraph.Lines(generated.Read(name)).Where(line => keepsAcls || !line.Contains(".Acls[", StringComparison.Ordinal));

        Assert.Equal(read, OptionsGraph.Lines(generated.Run(name)));
    }

    [Fact]
    public void Code_of_everything_has_each_property()
    {
        // What verbs and constructors say without the property's name.
        string[] unnamed =
        [
            "Binds", "Servers", "Routes", "Rules", "Frontends", "Backends", "StickTables", "IsBackup", "AcceptsProxyProtocol", "NetScalerMagic", "ForwardedHeaders", "Condition",
            "Period", "Values",
        ];
        var code = generated.Code(GeneratedCode.Everything);
        var properties = OptionsGraph.Lines(generated.Read(GeneratedCode.Everything))
            .Where(static line => !line.EndsWith(" = null", StringComparison.Ordinal)) // code of the user's, which is not set
            .SelectMany(static line => line.Split(" = ")[0].Split('>')[0].Split('.'))
            .Select(static name => name.Split('[')[0]).Where(static name => name.Length > 0).Distinct().ToArray();

        Assert.True(properties.Length > 80, $"only {properties.Length} properties were looked at");
        Assert.DoesNotContain(properties.Except(unnamed).Except(EverythingSet.NamesLeftOut), name => !code.Contains(name, StringComparison.OrdinalIgnoreCase));
    }
}
