using System.Net;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Has rules, logs and servers see another address or port: of the connection where it was just accepted, of the session behind its
/// handshakes, of the exchange afterwards.</summary>
internal sealed class SetEndPointAction(EndPointEdit edit, Expression value) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Connection | RulePhases.Session | RulePhases.Content | RulePhases.Request;

    public override string ToString() => edit switch
    {
        EndPointEdit.Source => $"set-src {RuleWords.Value(value)}",
        EndPointEdit.SourcePort => $"set-src-port {RuleWords.Value(value)}",
        EndPointEdit.Destination => $"set-dst {RuleWords.Value(value)}",
        _ => $"set-dst-port {RuleWords.Value(value)}",
    };

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var expression = value.Compile(compiler);
        var phase = compiler.Phase;
        var isSource = edit is EndPointEdit.Source or EndPointEdit.SourcePort;
        return new(context =>
        {
            if (Edited(context, expression, isSource ? context.SourceEndPoint : context.DestinationEndPoint) is { } endPoint)
            {
                Put(context, phase, isSource, endPoint);
            }

            return RuleOutcome.Next;
        });
    }

    private IPEndPoint? Edited(RuleContext context, CompiledExpression expression, EndPoint? current)
    {
        var sample = default(Sample);
        var old = current as IPEndPoint;
        if (edit is EndPointEdit.Source or EndPointEdit.Destination)
        {
            return expression.TryEvaluate(context, SampleType.Address, ref sample) ? new IPEndPoint(sample.ToAddress(), old?.Port ?? 0) : null;
        }

        return expression.TryEvaluate(context, SampleType.Integer, ref sample)
            ? new IPEndPoint(old?.Address ?? IPAddress.Any, (ushort)sample.Integer)
            : null;
    }

    private static void Put(RuleContext context, RulePhases phase, bool isSource, IPEndPoint endPoint)
    {
        var session = context.Session;
        switch (phase)
        {
            case RulePhases.Connection when isSource:
                session.Source = session.ConnectionSource = endPoint;
                break;
            case RulePhases.Connection:
                session.Destination = session.ConnectionDestination = endPoint;
                break;
            case RulePhases.Session when isSource:
                session.Source = endPoint;
                break;
            case RulePhases.Session:
                session.Destination = endPoint;
                break;
            default:
                if (isSource)
                {
                    context.OverrideSource(endPoint);
                }
                else
                {
                    context.OverrideDestination(endPoint);
                }

                break;
        }
    }
}
