using System.Text;
using ProxyKit.Authentication;
using ProxyKit.Descriptions;
using ProxyKit.Http;
using ProxyKit.Identities;

namespace ProxyKit;

/// <summary>Which requests may be made with which scopes, row by row: <c>GET /api/hamsters/* -> read:hamsters</c>. The first row that is about a
/// request decides, and a request that no row is about is refused.</summary>
/// <remarks>Immutable. Methods are compared with case, and GET is GET alone: name HEAD where it is meant. Paths are compared as they came; one that
/// is written in another way, with percent signs, say, is none of the table's and refused.</remarks>
public sealed class ScopePolicy : IDescribed
{
    private readonly ScopeRow[] _rows;

    private ScopePolicy(ScopeRow[] rows) => _rows = rows;

    /// <summary>A table without rows, which refuses everything.</summary>
    public static ScopePolicy Empty { get; } = new([]);

    /// <inheritdoc/>
    Description IDescribed.Description => new(typeof(ScopePolicy), nameof(Parse), ToString());

    /// <summary>The rows, in their order.</summary>
    public IReadOnlyList<ScopeRow> Rows => _rows;

    /// <summary>Reads a table.</summary>
    /// <param name="text">A row on each line, <c>METHODS PATH -> SCOPES</c>: methods with bars between them, or <c>*</c>; scopes with blanks between
    /// them, all of which are needed, or none. Empty lines and those that begin with <c>#</c> are passed over.</param>
    /// <returns>The table.</returns>
    /// <exception cref="FormatException">A line is no row; the message says which.</exception>
    public static ScopePolicy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var policy = Empty;
        foreach (var (index, raw) in text.Split('\n').Index())
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [var methods, var path, "->", .. var scopes])
            {
                throw new FormatException($"line {index + 1}: '{line}' is no row: METHODS PATH -> SCOPES");
            }

            try
            {
                policy = policy.Allow(methods, path, scopes);
            }
            catch (ArgumentException e)
            {
                throw new FormatException($"line {index + 1}: {e.Message}", e);
            }
        }

        return policy;
    }

    /// <summary>The table with another row at its end.</summary>
    /// <param name="methods">The methods, with bars between them (<c>POST|PUT</c>), or <c>*</c> for all.</param>
    /// <param name="path">The path, as <see cref="Match.Path"/> or, with braces in it, <see cref="Match.PathPattern"/> takes it.</param>
    /// <param name="scopes">The scopes that are needed, all of them; none for any client that is known.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArgumentException">A method, the path or a scope is none.</exception>
    public ScopePolicy Allow(string methods, string path, params string[] scopes)
    {
        ArgumentException.ThrowIfNullOrEmpty(methods);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(scopes);
        if (methods[0] == '#')
        {
            throw new ArgumentException($"'{methods}' begins as a line that is passed over.", nameof(methods));
        }

        if (path.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw new ArgumentException("There is a blank or a control character in the path.", nameof(path));
        }

        foreach (var scope in scopes)
        {
            ScopeName.ThrowIfNone(scope, nameof(scopes));
        }

        return new([.. _rows, new ScopeRow(methods, path, [.. scopes])]);
    }

    /// <summary>Says what clients may do, for a test to compare and a person to read: a line for each request, and a column for each client.</summary>
    /// <param name="requests">The requests: <c>GET /api/hamsters/1</c>.</param>
    /// <param name="clients">The scopes of each client, with blanks between them.</param>
    /// <returns>The table: <c>yes</c> where a client may, <c>-</c> where not.</returns>
    /// <exception cref="FormatException">A request is none.</exception>
    public string ToMatrix(IEnumerable<string> requests, params string[] clients)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(clients);
        var asked = requests.ToArray();
        ClientPrincipal[] principals = [.. clients.Select(static scopes => new ClientPrincipal("none", ClaimSet.Of(w => w.WriteString("scope", scopes))))];
        var first = asked.Select(static r => r.Length).Append(0).Max();
        var text = new StringBuilder();
        AppendLine("", clients);
        foreach (var request in asked)
        {
            var row = Find(PolicyProbe.Of(request));
            AppendLine(request, [.. principals.Select(p => row >= 0 && _rows[row].IsMetBy(p) ? "yes" : "-")]);
        }

        return text.ToString();

        void AppendLine(string head, string[] cells)
        {
            text.Append(head.PadRight(first));
            foreach (var (index, cell) in cells.Index())
            {
                text.Append(" | ").Append(cell.PadRight(Math.Max(3, clients[index].Length)));
            }

            text.Length -= text.Length - text.ToString().TrimEnd(' ').Length;
            text.Append('\n');
        }
    }

    /// <summary>Shows the table.</summary>
    /// <returns>The text, as <see cref="Parse"/> reads it.</returns>
    public override string ToString() => string.Join('\n', _rows.Select(static r => r.ToString()));

    /// <summary>The row that is about an exchange; -1 for none.</summary>
    internal int Find(HttpExchange exchange)
    {
        for (var i = 0; i < _rows.Length; i++)
        {
            if (_rows[i].IsAbout(exchange))
            {
                return i;
            }
        }

        return -1;
    }
}
