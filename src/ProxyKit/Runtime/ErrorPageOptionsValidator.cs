using ProxyKit.Rules.Replies;

namespace ProxyKit.Runtime;

/// <summary>Finds error pages and sections of them that are not there; what is in them is looked at when they are read.</summary>
internal static class ErrorPageOptionsValidator
{
    public static void Validate(ProxyOptions options, FaultPath root)
    {
        foreach (var (section, position) in root.Elements(nameof(options.ErrorSections), options.ErrorSections))
        {
            var path = root.In("error section", section.Name, position);
            path.CheckName(section.Name);
            if (section.Files.Values.Any(string.IsNullOrEmpty))
            {
                path.Add(nameof(section.Files), "a path is empty");
            }
        }

        foreach (var (index, frontend) in options.Frontends.Index())
        {
            CheckPages(frontend?.ErrorPages, root.In("frontend", frontend?.Name, index + 1));
        }

        foreach (var (index, backend) in options.Backends.Index())
        {
            CheckPages(backend?.ErrorPages, root.In("backend", backend?.Name, index + 1));
        }
    }

    private static void CheckPages(IList<ErrorPageOptions>? pages, FaultPath path)
    {
        if (pages?.Contains(null!) == true) // which is what is looked for
        {
            path.Add("ErrorPages", "one is null");
        }
    }
}
