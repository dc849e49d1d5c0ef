using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Actions;

/// <summary>Gives the request another method on its way to the server. CONNECT is neither made nor unmade: it is about the connection.</summary>
internal sealed class SetMethodAction(Expression value) : RuleAction
{
    private static readonly byte[][] Common =
        [.. Enum.GetNames<RequestMethod>().Select(static n => System.Text.Encoding.ASCII.GetBytes(n.ToUpperInvariant()))];

    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => $"set-method {RuleWords.Format(value)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var text = value.Compile(compiler);
        return new(context =>
        {
            if (context.Request is not { Method: not RequestMethod.Connect } request)
            {
                return RuleOutcome.Next;
            }

            var name = HeaderText.Escape(context, text.Text(context));
            if (name.SequenceEqual("CONNECT"u8))
            {
                return RuleOutcome.Next;
            }

            if (name.IsEmpty || name.ContainsAnyExcept(Octets.Token) || !FieldEdits.HasRoom(context, name.Length))
            {
                return RewriteFailure.UnlessDone(context, isDone: false);
            }

            request.RewriteMethod(Named(name));
            return RuleOutcome.Next;
        });
    }

    private static byte[] Named(ReadOnlySpan<byte> name)
    {
        var known = RequestMethods.Parse(name);
        return known == RequestMethod.Other ? name.ToArray() : Common[(int)known];
    }
}
