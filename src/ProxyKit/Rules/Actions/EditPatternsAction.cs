using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Actions;

/// <summary>Changes the patterns or the map of a file while the proxy runs.</summary>
internal sealed class EditPatternsAction(PatternEdit edit, string file, Expression key, Expression? value = null) : RuleAction
{
    internal override RulePhases Phases =>
        edit == PatternEdit.AddAcl ? RulePhases.Request | RulePhases.Response : RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString()
    {
        var name = edit switch
        {
            PatternEdit.SetMap => "set-map",
            PatternEdit.DelMap => "del-map",
            PatternEdit.AddAcl => "add-acl",
            _ => "del-acl",
        };
        return $"{name}({file}) {RuleWords.Format(key)}{(value is null ? "" : $" {RuleWords.Format(value)}")}";
    }

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var store = PatternFile.For(compiler, file);
        var keyText = key.Compile(compiler);
        var valueText = value?.Compile(compiler);
        return new(context =>
        {
            if (!store.IsLoaded)
            {
                return RuleOutcome.Next; // no condition and no map reads it: nobody would see what is written there
            }

            var name = keyText.Text(context);
            switch (edit)
            {
                case PatternEdit.SetMap:
                    store.Set(name, valueText!.Text(context)); // given with this edit
                    break;
                case PatternEdit.AddAcl:
                    store.Add(name);
                    break;
                default:
                    store.Remove(name);
                    break;
            }

            return RuleOutcome.Next;
        });
    }
}
