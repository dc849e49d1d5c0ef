using System.Text;
using ProxyKit.Http;
using ProxyKit.Identities;
using ProxyKit.Rules;

namespace ProxyKit.Authentication;

/// <summary>A row of a <see cref="ScopePolicy"/>: requests, and the scopes that they need, all of them.</summary>
public sealed class ScopeRow
{
    private readonly MethodCondition? _method;
    private readonly PathCondition? _path;
    private readonly byte[][] _scopes;

    internal ScopeRow(string methods, string path, IReadOnlyList<string> scopes)
    {
        Methods = methods;
        Path = path;
        Scopes = scopes;
        _method = methods == "*" ? null : (MethodCondition)Match.Method(methods.Split('|'));
        _path = path == "/*" ? null : (PathCondition)(path.Contains('{') ? Match.PathPattern(path) : Match.Path(path));
        Name = new PolicyRowName(Encoding.UTF8.GetBytes($"{methods} {path}"));
        _scopes = [.. scopes.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The methods, with bars between them, or <c>*</c> for all.</summary>
    public string Methods { get; }

    /// <summary>The path, all paths under one (<c>/cart/*</c>: see <see cref="Match.Path"/>), or a pattern (<c>/users/{id}</c>: see
    /// <see cref="Match.PathPattern"/>).</summary>
    public string Path { get; }

    /// <summary>The scopes, all of which are needed; none for any client that is known.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>What it is called: the requests that it is about.</summary>
    internal PolicyRowName Name { get; }

    /// <summary>Shows the row.</summary>
    /// <returns>The text, as <see cref="ScopePolicy.Parse"/> reads it.</returns>
    public override string ToString() => $"{Methods} {Path} -> {string.Join(' ', Scopes)}".TrimEnd();

    internal bool IsAbout(HttpExchange exchange) => (_method is null || _method.Holds(exchange)) && (_path is null || _path.Holds(exchange));

    internal bool IsMetBy(ClientPrincipal principal)
    {
        foreach (var scope in _scopes)
        {
            if (!principal.HasScope(scope))
            {
                return false;
            }
        }

        return true;
    }
}
