using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Actions;

/// <summary>Adds a header field, in the place of those of its name or beside them.</summary>
internal sealed class SetHeaderAction(FieldName name, Expression value, bool replaces) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => $"{(replaces ? "set" : "add")}-header {name} {RuleWords.Format(value)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var text = value.Compile(compiler);
        if (text.Constant is { } constant && HeaderText.IsClean(constant) && FramingEdits.IsPlain(name.Known))
        {
            return new(new FieldLine(name, constant, replaces).Write);
        }

        return replaces
            ? new(context => RewriteFailure.UnlessDone(
                context, FieldEdits.TrySet(context, name.Bytes, name.Known, HeaderText.Escape(context, text.Text(context)))))
            : new(context => RewriteFailure.UnlessDone(
                context, FieldEdits.TryAdd(context, name.Bytes, name.Known, HeaderText.Escape(context, text.Text(context)))));
    }
}
