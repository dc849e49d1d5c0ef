using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>The error pages of a frontend or a backend: what it says itself; <see cref="For"/> looks on behind it.</summary>
internal sealed class ErrorPages
{
    private readonly Dictionary<int, LocalReply> _pages = [];

    /// <summary>The page of a status; null where this proxy has none of its own.</summary>
    public LocalReply? Find(int status) => _pages.GetValueOrDefault(status);

    /// <summary>The page that counts for an exchange now: its backend's, else its frontend's, else the one that ProxyKit brings along.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="status">The status; 500 stands in for one that has no page.</param>
    public static LocalReply For(RuleContext context, int status) =>
        context.BackendErrorPages?.Find(status) ?? context.FrontendErrorPages?.Find(status) ?? ErrorStatus.BuiltIn(status);

    /// <summary>Makes the pages of a proxy ready; null where it has none of its own.</summary>
    /// <param name="options">What the proxy says, the later words standing above the earlier ones.</param>
    /// <param name="compiler">Finds what it names.</param>
    /// <param name="fault">Is told what is wrong with which of them, by its index.</param>
    public static ErrorPages? Compile(IList<ErrorPageOptions> options, RuleCompiler compiler, Action<int, string> fault)
    {
        if (options.Count == 0)
        {
            return null;
        }

        var pages = new ErrorPages();
        foreach (var (index, option) in options.Index())
        {
            try
            {
                option.AddTo(pages._pages, compiler);
            }
            catch (RuleFaultException e)
            {
                fault(index, e.Message);
            }
        }

        return pages;
    }
}
