using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Tool.CSharp.Layout;

namespace ProxyKit.Tool.CSharp;

/// <summary>Writes frontends and backends.</summary>
/// <param name="values">Writes what they are given.</param>
/// <param name="keepsAcls">Whether ACLs are asked for by their names, so that they must be there under them.</param>
internal sealed class SectionWriter(ValueWriter values, bool keepsAcls)
{
    private readonly VerbWriter _verbs = new(values);

    public Code Write(FrontendOptions frontend) =>
        Write("frontend", frontend.Name, Conditions(frontend.Rules).Concat(frontend.Routes.Select(static r => r.Condition)), () =>
        {
            string[] apart = [nameof(frontend.Name), nameof(frontend.Binds), nameof(frontend.Routes), nameof(frontend.Rules), nameof(frontend.Acls)];
            var settings = Settings(frontend, new FrontendOptions { Name = "" }, apart).ToLookup(static d => d.Name == nameof(frontend.DefaultBackend));
            return
            [
                .. frontend.Binds.Select(Write),
                .. _verbs.Write(typeof(FrontendBuilder), frontend, settings[false]),
                .. WriteAcls(typeof(FrontendBuilder), frontend.Acls),
                .. new RulesWriter(values, _verbs).Write(typeof(FrontendBuilder), frontend.Rules),
                .. frontend.Routes.Select(Write),
                .. _verbs.Write(typeof(FrontendBuilder), frontend, settings[true]),
            ];
        });

    public Code Write(BackendOptions backend) => Write("backend", backend.Name, Conditions(backend.Rules), () =>
    {
        string[] apart = [nameof(backend.Name), nameof(backend.Servers), nameof(backend.Rules), nameof(backend.Acls)];
        return
        [
            .. _verbs.Write(typeof(BackendBuilder), backend, Settings(backend, new BackendOptions { Name = "" }, apart)),
            .. WriteAcls(typeof(BackendBuilder), backend.Acls),
            .. new RulesWriter(values, _verbs).Write(typeof(BackendBuilder), backend.Rules),
            .. backend.Servers.Select(Write),
        ];
    });

    private static IEnumerable<Difference> Settings(object options, object fresh, string[] apart) =>
        Differences.Between(options, fresh).Where(d => !apart.Contains(d.Name));

    private static IEnumerable<Condition> Conditions(RuleSetOptions rules) =>
        typeof(RuleSetOptions).GetProperties().Select(p => p.GetValue(rules)).OfType<IList<RuleOptions>>()
            .SelectMany(static list => list).Select(static rule => rule.Condition).OfType<Condition>();

    /// <summary>A section: its ACLs as variables where rules use them, then what it is.</summary>
    private CodeList Write(string kind, string name, IEnumerable<Condition> conditions, Func<IReadOnlyList<Code>> write)
    {
        var variables = values.Conditions.Declare(conditions);
        var calls = write();
        values.Conditions.Forget();
        return CodeList.Call($".Add{char.ToUpperInvariant(kind[0])}{kind[1..]}", Literals.Of(name), variables.Count > 0
            ? new CodeBlock($"{kind} =>", [.. variables, "", new CodeChain(kind, calls)])
            : calls.Count > 0 ? new CodeChain($"{kind} => {kind}", calls)
            : $"{kind} => {{ }}");
    }

    private Code Write(BindOptions bind) => WritePart(
        typeof(BindBuilder), ".Bind", "bind", bind, Settings(bind, new BindOptions { Address = "" }, [nameof(bind.Address)]), bind.Address);

    private Code Write(ServerOptions server) => WritePart(
        typeof(ServerBuilder),
        ".AddServer",
        "server",
        server,
        Settings(server, new ServerOptions { Name = "", Address = "" }, [nameof(server.Name), nameof(server.Address)]),
        server.Name,
        server.Address);

    private CodeList WritePart(
        Type builder, string verb, string name, object options, IEnumerable<Difference> settings, params IEnumerable<string> arguments)
    {
        var calls = _verbs.Write(builder, options, settings).ToArray();
        Code[] lambda = calls.Length > 0 ? [new CodeChain($"{name} => {name}", calls)] : [];
        return CodeList.Call(verb, [.. arguments.Select(static a => (Code)Literals.Of(a)), .. lambda]);
    }

    private IEnumerable<Code> WriteAcls(Type builder, IDictionary<string, Condition> acls) => !keepsAcls || acls.Count == 0 ? [] :
    [
        _verbs.WriteConfigure(builder, [.. acls.Select(acl => new CodeSequence(
            $"options.Acls[{Literals.Of(acl.Key)}] = ",
            values.Conditions.VariableOf(acl.Key, acl.Value) is { } variable ? variable : values.Write(acl.Value)))]),
    ];

    private Code Write(RouteOptions route) => CodeComment.Of(
        Differences.Between(route, new RouteOptions(route.Condition, route.Backend)).Any()
            ? _verbs.WriteConfigure(typeof(FrontendBuilder), [_verbs.Add($"options.{nameof(FrontendOptions.Routes)}", route)])
            : CodeList.Call(".Route", values.Write(route.Condition), $"to: {Literals.Of(route.Backend)}"),
        RulesWriter.Origin(route.Origin));
}
