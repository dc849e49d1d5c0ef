using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Files;

/// <summary>Where files are whose paths are relative, as said so far. HAProxy: <c>default-path</c>, which changes the directory of the process while it
/// reads; here paths are put together, since the process is somebody else's.</summary>
internal sealed class DefaultPath
{
    private readonly RuleLanguage? _language; // as the program has it
    private readonly Dictionary<string, RuleLanguage> _languages = new(StringComparer.Ordinal); // of directories: the same for all files of one
    private DefaultPathPolicy _policy;
    private string? _origin; // of DefaultPathPolicy.Origin
    private string _file = "";
    private string? _directory; // null for that of the process

    public DefaultPath(RuleLanguage? language) => _language = Language = language;

    /// <summary>The words that expressions may use; null for those that come along.</summary>
    public RuleLanguage? Language { get; private set; }

    /// <summary>A file of the configuration is read from here on.</summary>
    public void Enter(string file)
    {
        _file = file;
        Update();
    }

    /// <summary>Says where files are from here on.</summary>
    public void Set(DefaultPathPolicy policy, string? origin = null)
    {
        (_policy, _origin) = (policy, origin);
        Update();
    }

    /// <summary>The path of a file.</summary>
    public string PathOf(string written) => ReferredFile.PathOf(written, _directory);

    /// <summary>The path of a file of patterns or of a map, whose name may have a prefix.</summary>
    public string PathOfList(string written)
    {
        string[] prefixes = ["file@", "opt@"];
        var prefix = Array.Find(prefixes, p => written.StartsWith(p, StringComparison.Ordinal)) ?? "";
        return written.StartsWith("virt@", StringComparison.Ordinal) ? written : prefix + PathOf(written[prefix.Length..]);
    }

    private void Update()
    {
        var slash = _file.LastIndexOf('/');
        var own = slash < 0 ? null : _file[..(slash + 1)]; // '/' stays one
        _directory = _policy switch
        {
            DefaultPathPolicy.Config => own,
            DefaultPathPolicy.Parent => Path.Combine(own ?? "", ".."),
            DefaultPathPolicy.Origin => _origin,
            _ => null,
        };
        if (_directory is null)
        {
            Language = _language;
            return;
        }

        if (!_languages.TryGetValue(_directory, out var language))
        {
            _languages.Add(_directory, language = RuleLanguage.InDirectory(_directory, _language));
        }

        Language = language;
    }
}

/// <summary>What <c>default-path</c> says.</summary>
internal enum DefaultPathPolicy
{
    /// <summary>The directory of the process.</summary>
    Current,

    /// <summary>That of the file that is read.</summary>
    Config,

    /// <summary>The one above that.</summary>
    Parent,

    /// <summary>One that is named.</summary>
    Origin,
}
