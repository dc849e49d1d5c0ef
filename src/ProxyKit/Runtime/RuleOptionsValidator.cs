using ProxyKit.Backends;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with lists of rules as such; what the rules name is looked up when they are made ready.</summary>
internal static class RuleOptionsValidator
{
    public static void Validate(RuleSetOptions options, bool isFrontend, ProxyMode mode, FaultPath path)
    {
        var http = mode == ProxyMode.Tcp ? "in TCP mode there are no requests and responses" : null;
        path.CheckLimit(nameof(options.InspectDelay), options.InspectDelay);
        path.CheckLimit(nameof(options.ResponseInspectDelay), options.ResponseInspectDelay);
        CheckList(nameof(options.Connection), options.Connection, path, isFrontend ? null : "a backend sees no connection of its own");
        CheckList(nameof(options.Session), options.Session, path, isFrontend ? null : "a backend sees no connection of its own");
        CheckList(nameof(options.Content), options.Content, path, null);
        CheckList(
            nameof(options.ResponseContent), options.ResponseContent, path, isFrontend ? "only backends look at what servers send" : null);
        CheckList(nameof(options.Request), options.Request, path, http);
        CheckList(nameof(options.Response), options.Response, path, http);
        CheckList(nameof(options.AfterResponse), options.AfterResponse, path, http);
    }

    private static void CheckList(string name, IList<RuleOptions> rules, FaultPath path, string? fault)
    {
        if (rules.Count > 0 && fault is not null)
        {
            path.Add($"Rules.{name}", fault);
        }

        foreach (var (rule, position) in path.Elements($"Rules.{name}", rules))
        {
            if (rule.Action is null)
            {
                path.In($"{name} rule", null, position).Add(nameof(rule.Action), "is null");
            }
        }
    }
}
