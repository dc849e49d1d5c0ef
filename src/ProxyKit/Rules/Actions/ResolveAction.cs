using System.Net;
using System.Text;
using ProxyKit.Resolvers;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Actions;

/// <summary>Looks a name up, and gives a variable its address; where there is none the variable keeps its value.</summary>
internal sealed class ResolveAction(string variable, string resolvers, AddressPreference preference, Expression name) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Content | RulePhases.Request;

    public override string ToString() =>
        $"do-resolve({variable},{resolvers}{(preference == AddressPreference.IPv4 ? ",ipv4" : "")}) {RuleWords.Value(name)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var found = VariableNames.Find(compiler, variable);
        var group = compiler.ResolversFor(resolvers);
        var expression = name.Compile(compiler);
        return new(
            context =>
            {
                Span<char> text = stackalloc char[DnsName.MostBytes];
                if (!TryName(context, expression, text, out var length))
                {
                    return RuleOutcome.Next;
                }

                if (!group.TryFind(text[..length], preference, out var address))
                {
                    return RuleOutcome.Wait;
                }

                Set(context, found, address);
                return RuleOutcome.Next;
            },
            async (context, host) =>
            {
                if (NameOf(context, expression) is { } text)
                {
                    Set(context, found, await group.FindAsync(text, preference, host.GivenUp).ConfigureAwait(false));
                }

                return RuleOutcome.Next;
            });
    }

    private static void Set(RuleContext context, Variable variable, IPAddress? address)
    {
        var sample = default(Sample);
        if (sample.Set(address))
        {
            variable.Set(context, in sample);
        }
    }

    private static string? NameOf(RuleContext context, CompiledExpression expression)
    {
        Span<char> text = stackalloc char[DnsName.MostBytes];
        return TryName(context, expression, text, out var length) ? new string(text[..length]) : null;
    }

    /// <summary>The text, where it is a name at all.</summary>
    private static bool TryName(RuleContext context, CompiledExpression expression, Span<char> text, out int length)
    {
        var sample = default(Sample);
        length = 0;
        if (!expression.TryEvaluate(context, SampleType.String, ref sample) || sample.Bytes.Length is 0 or >= DnsName.MostBytes)
        {
            return false;
        }

        length = Encoding.Latin1.GetChars(sample.Bytes, text);
        return DnsName.IsValid(text[..length]);
    }
}
