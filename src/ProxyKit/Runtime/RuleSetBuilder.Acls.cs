using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Runtime;

/// <summary>The ACLs that nobody asks: like HAProxy, a configuration is refused where they name what is not there.</summary>
internal sealed partial class RuleSetBuilder
{
    /// <summary>Looks at the ACLs of a frontend; called when all else is ready, so that those that are asked were told of where that is.</summary>
    public void CheckAcls(FrontendOptions options, FrontendFacts facts)
    {
        (compiler.Frontend, compiler.Backend, compiler.IsHttp) = (facts, facts.OwnBackend, options.Mode == ProxyMode.Http);
        CheckAcls(options.Acls, root.In("frontend", options.Name, 0));
    }

    /// <summary>Looks at the ACLs of a backend; called behind those of all frontends, one of which may be the other half of the proxy that has them.</summary>
    public void CheckAcls(BackendOptions options, Backend backend)
    {
        (compiler.Frontend, compiler.Backend, compiler.IsHttp) = (null, backend, options.Mode == ProxyMode.Http);
        CheckAcls(options.Acls, root.In("backend", options.Name, 0));
    }

    private void CheckAcls(IDictionary<string, Condition> acls, FaultPath path)
    {
        if (compiler.Trace is not null)
        {
            return; // one exchange is explained, of a configuration that was looked at
        }

        compiler.Acls = name => acls.TryGetValue(name, out var acl) ? acl : null;
        (compiler.Stages, compiler.Phase) = (RuleStages.Always, RulePhases.None); // where it would be asked is not known
        foreach (var (name, acl) in acls)
        {
            var terms = NamedCondition.TermsOf(acl);
            foreach (var (index, term) in terms.Index().Where(t => compiler.AskedAcls.Add(t.Item)))
            {
                var place = path.In("ACL", name, 0);
                Try(terms.Count == 1 ? place : place.In("term", null, index + 1), () => term.Compile(compiler));
            }
        }
    }
}
