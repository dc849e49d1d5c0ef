using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>The <c>http-errors</c> sections of a configuration, read.</summary>
internal sealed class ErrorSections
{
    /// <summary>Under which name all rules of a configuration share them.</summary>
    public const string Key = "http-errors";

    private readonly Dictionary<string, Dictionary<int, LocalReply>> _sections = new(StringComparer.Ordinal);

    /// <summary>The sections of the configuration that is being put to use.</summary>
    public static ErrorSections Of(RuleCompiler compiler) => compiler.Shared(Key, static _ => new ErrorSections());

    /// <summary>Reads a section.</summary>
    /// <exception cref="RuleFaultException">A file is no message, a status has no page, or the name is taken.</exception>
    public void Add(ErrorSectionOptions options)
    {
        var pages = new Dictionary<int, LocalReply>();
        foreach (var (status, path) in options.Files)
        {
            if (!ErrorStatus.IsKnown(status))
            {
                throw new RuleFaultException($"status code '{status}' not handled, there are pages for {ErrorStatus.List}");
            }

            pages[status] = ErrorMessage.Load(status, path);
        }

        if (!_sections.TryAdd(options.Name, pages))
        {
            throw new RuleFaultException($"http-errors section '{options.Name}' already defined");
        }
    }

    /// <summary>The pages of a section.</summary>
    /// <exception cref="RuleFaultException">There is no such section.</exception>
    public IReadOnlyDictionary<int, LocalReply> Find(string name) => _sections.TryGetValue(name, out var pages)
        ? pages
        : throw new RuleFaultException($"unknown http-errors section '{name}'");
}
