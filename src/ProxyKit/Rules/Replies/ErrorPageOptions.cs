using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>What a frontend or a backend says instead of an error page that ProxyKit brings along. Several stand in a list; the later one
/// counts.</summary>
/// <remarks>There are pages for 200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 421, 422, 425, 429, 431, 500, 501, 502, 503 and 504.</remarks>
public sealed class ErrorPageOptions : IDescribed
{
    private readonly string _text;
    private readonly Action<Dictionary<int, LocalReply>, RuleCompiler> _add;

    private ErrorPageOptions(string text, Description description, Action<Dictionary<int, LocalReply>, RuleCompiler> add)
    {
        Description = description;
        _text = text;
        _add = add;
    }

    /// <inheritdoc/>
    public Description? Description { get; }

    /// <summary>A file that is sent as it is: a whole message, head and body. An empty one closes the connection without a word.
    /// HAProxy: <c>errorfile</c>.</summary>
    /// <param name="status">The status that it stands for; its own first line may have another one.</param>
    /// <param name="path">The file; read when the configuration is put to use. 15,360 bytes at most.</param>
    /// <returns>The page.</returns>
    public static ErrorPageOptions File(int status, string path)
    {
        ErrorStatus.ThrowIfUnknown(status, nameof(status));
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new($"errorfile {status} {path}", Call(nameof(File), status, path), (pages, _) => pages[status] = ErrorMessage.Load(status, path));
    }

    /// <summary>A redirect. HAProxy: <c>errorloc</c>, <c>errorloc302</c>, <c>errorloc303</c>.</summary>
    /// <param name="status">The status that it stands for.</param>
    /// <param name="url">Where the client is sent.</param>
    /// <param name="redirectStatus">302, or 303 to have the client ask with GET whatever it asked with.</param>
    /// <returns>The page.</returns>
    public static ErrorPageOptions Location(int status, string url, int redirectStatus = 302)
    {
        ErrorStatus.ThrowIfUnknown(status, nameof(status));
        ArgumentException.ThrowIfNullOrEmpty(url);
        if (redirectStatus is not (302 or 303))
        {
            throw new ArgumentException("302 or 303 redirects from an error", nameof(redirectStatus));
        }

        if (url.Any(char.IsControl))
        {
            throw new ArgumentException("a URL has no control characters", nameof(url));
        }

        var line = $"HTTP/1.1 {redirectStatus} {Encoding.ASCII.GetString(ReasonPhrases.For(redirectStatus))}";
        var message = Encoding.UTF8.GetBytes($"{line}\r\ncache-control: no-cache\r\ncontent-length: 0\r\nlocation: {url}\r\n\r\n");
        return new($"errorloc{redirectStatus} {status} {url}", Call(nameof(Location), status, url, redirectStatus), (pages, _) => pages[status] = new RawReply(status, message));
    }

    /// <summary>The pages of a section. HAProxy: <c>errorfiles</c>.</summary>
    /// <param name="section">The section's name.</param>
    /// <param name="statuses">Those that are wanted; none for all that it has.</param>
    /// <returns>The pages.</returns>
    public static ErrorPageOptions Section(string section, params int[] statuses)
    {
        ArgumentException.ThrowIfNullOrEmpty(section);
        ArgumentNullException.ThrowIfNull(statuses);
        foreach (var status in statuses)
        {
            ErrorStatus.ThrowIfUnknown(status, nameof(statuses));
        }

        int[] wanted = [.. statuses];
        return new($"errorfiles {section} {string.Join(' ', wanted)}".TrimEnd(), Call(nameof(Section), [section, .. wanted]), (pages, compiler) =>
        {
            foreach (var (status, page) in ErrorSections.Of(compiler).Find(section))
            {
                if (wanted.Length == 0 || wanted.Contains(status))
                {
                    pages[status] = page;
                }
            }
        });
    }

    /// <summary>A response made for each exchange anew. HAProxy: <c>http-error</c>.</summary>
    /// <param name="reply">The response; its status says which page it is.</param>
    /// <returns>The page.</returns>
    public static ErrorPageOptions Of(Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ErrorStatus.ThrowIfUnknown(reply.Status, nameof(reply));
        return new($"http-error {reply}", Call(nameof(Of), reply), (pages, compiler) =>
        {
            if (reply.IsErrorPage)
            {
                pages.Remove(reply.Status); // it would lead to itself
            }
            else
            {
                pages[reply.Status] = reply.Compile(compiler);
            }
        });
    }

    /// <summary>The statement of a configuration file.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text;

    private static Description Call(string member, params object?[] arguments) => new(typeof(ErrorPageOptions), member, arguments);

    /// <exception cref="RuleFaultException">It cannot be put to use.</exception>
    internal void AddTo(Dictionary<int, LocalReply> pages, RuleCompiler compiler) => _add(pages, compiler);
}
