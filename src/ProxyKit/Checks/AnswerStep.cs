namespace ProxyKit.Checks;

/// <summary>Looks at an answer of a protocol that checks know.</summary>
/// <param name="judge">Judges what has come.</param>
/// <param name="invalid">What is wrong with an answer that is none.</param>
internal sealed class AnswerStep(AnswerStep.Judgement judge, string invalid) : ReceivingStep
{
    /// <summary>Judges what has come.</summary>
    /// <returns>What is thought of it; null where it takes more to tell.</returns>
    public delegate CheckResult? Judgement(ReadOnlySpan<byte> answer);

    public CheckStatus InvalidStatus { get; init; } = CheckStatus.Layer7Invalid;

    public override string Name => "expect";

    protected override CheckResult? Judge(CheckRun run) =>
        run.Length == 0 ? Empty(run) : judge(run.Received) ?? (run.IsOver ? Empty(run) : null); // of nothing there is nothing to judge

    protected override CheckResult Empty(CheckRun run) => new(InvalidStatus, 0, invalid);
}
