using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using ProxyKit.Tool.CSharp;

namespace ProxyKit.Tool.Tests.CSharp;

/// <summary>Configurations, the code written for each, and what comes of the code once it is compiled and run.</summary>
/// <remarks>All are compiled in one go, each in a namespace of its own: a compiler takes seconds to start.</remarks>
public sealed class GeneratedCode : IAsyncLifetime, IDisposable
{
    /// <summary>The name of the configuration that has everything set.</summary>
    public const string Everything = "everything";

    private readonly Dictionary<string, ProxyOptions> _read = [];
    private readonly Dictionary<string, string> _code = [];
    private readonly ConfigurationFolder _folder = new();
    private readonly AssemblyLoadContext _context = new("generated code", isCollectible: true);
    private Assembly? _assembly;

    /// <summary>The files, by paths from the root of the repository.</summary>
    public static IEnumerable<string> Files =>
        from folder in new[] { RepositoryTree.PathOf("samples", "haproxy"), RepositoryTree.PathOf("tests", "ProxyKit.Tool.Tests", "CSharp", "Files") }
        from file in Directory.GetFiles(folder, "*.cfg").Order(StringComparer.Ordinal)
        select Path.GetRelativePath(RepositoryTree.PathOf(), file);

    /// <summary>What the compiler had to say.</summary>
    public string Errors { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        foreach (var certificate in new[] { "gateway.pem", "ca.pem", "token.pem", "clients.crl" })
        {
            _folder.Write("", certificate); // read when a proxy starts, and none does here
        }

        foreach (var file in Files)
        {
            var result = HAProxyConfiguration.Load(RepositoryTree.PathOf(file), new HAProxyConfigurationOptions
            {
                Environment = new Dictionary<string, string>
                {
                    ["HERE"] = Path.GetDirectoryName(RepositoryTree.PathOf(file))!, // it is in a folder
                    ["CERTS"] = _folder.PathOf(""),
                },
                ResolveNames = false,
            });
            Assert.True(result.IsValid, result.ToString());
            Add(file, result.Options);
        }

        Add(Everything, EverythingSet.Make());
        var sources = _code.Keys.Select((name, i) => _folder.Write(Named(_code[name], NamespaceOf(i)), $"{i}.cs"));
        var assembly = _folder.PathOf("generated.dll");
        Errors = await CSharpCompiler.CompileAsync(assembly, sources.ToArray());
        _assembly = Errors.Length == 0 ? _context.LoadFromStream(new MemoryStream(await File.ReadAllBytesAsync(assembly))) : null;
    }

    /// <summary>The options of a configuration as they were read.</summary>
    public ProxyOptions Read(string name) => _read[name];

    /// <summary>The code of a configuration.</summary>
    public string Code(string name) => _code[name];

    /// <summary>The options that the code of a configuration makes.</summary>
    public ProxyOptions Run(string name)
    {
        Assert.Equal("", Errors);
        var builder = new ProxyBuilder();
        var type = _assembly!.GetType($"{NamespaceOf(_code.Keys.ToList().IndexOf(name))}.ProxyConfiguration", throwOnError: true)!; // there were no errors
        type.GetMethod("Configure")!.Invoke(null, [builder]);
        return builder.Build();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _context.Unload();
        _folder.Dispose();
    }

    private static string NamespaceOf(int index) => string.Create(CultureInfo.InvariantCulture, $"Generated{index}");

    private static string Named(string code, string name) =>
        code.Replace("public static class", $"namespace {name};\n\npublic static class", StringComparison.Ordinal);

    private void Add(string name, ProxyOptions options)
    {
        _read[name] = options;
        _code[name] = ProxyWriter.Write(options, name, out var faults);
        Assert.Empty(faults);
    }
}
