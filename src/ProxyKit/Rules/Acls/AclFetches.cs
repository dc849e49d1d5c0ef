using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>The fetch that asks named ACLs: <c>acl(name,!name2)</c>.</summary>
internal static class AclFetches
{
    private const int MostNames = 12;

    public static IReadOnlyList<FetchKeyword> All { get; } =
    [
        new()
        {
            Name = "acl",
            Type = SampleType.Boolean,
            Stages = RuleStages.Always,
            Arguments = [.. Enumerable.Range(1, MostNames).Select(static i => new KeywordArgument("name", IsOptional: i > 1))],
            Create = Create,
        },
    ];

    private static SampleFetch Create(KeywordUse use)
    {
        var acls = new Condition[use.Arguments.Count];
        for (var i = 0; i < acls.Length; i++)
        {
            var name = use.Arguments.Text(i);
            acls[i] = name.StartsWith('!') ? !Compile(use.Compiler, name[1..]) : Compile(use.Compiler, name);
        }

        return acls.Length > 0 ? new AclFetch(acls).TryFetch : throw new ArgumentException("the name of an ACL is expected");
    }

    /// <summary>The ACL of a name, ready to be asked.</summary>
    /// <exception cref="ArgumentException">There is none, or it asks itself.</exception>
    public static Condition Compile(RuleCompiler compiler, string name)
    {
        var open = compiler.Shared("acl", static _ => new HashSet<string>(StringComparer.Ordinal));
        if (!open.Add(name))
        {
            throw new ArgumentException($"ACL '{name}' asks itself");
        }

        try
        {
            var acl = compiler.Acls?.Invoke(name) ?? PredefinedAcls.Find(name, RuleLanguage.Default) ?? throw new ArgumentException($"ACL '{name}' not found");
            compiler.AskedAcls.UnionWith(NamedCondition.TermsOf(acl));
            return acl.Compile(compiler);
        }
        finally
        {
            open.Remove(name);
        }
    }

    private sealed class AclFetch(Condition[] acls)
    {
        public bool TryFetch(RuleContext context, ref Sample sample)
        {
            var truth = Truth.True;
            foreach (var acl in acls)
            {
                truth &= acl.Evaluate(context);
                if (truth == Truth.False)
                {
                    break;
                }
            }

            context.IsPending = truth == Truth.Pending;
            return truth != Truth.Pending && sample.Set(truth == Truth.True);
        }
    }
}
