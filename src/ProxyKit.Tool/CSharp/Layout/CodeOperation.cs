namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>Operands with one operator between them.</summary>
internal sealed class CodeOperation(string sign, IReadOnlyList<Code> operands) : Code
{
    public override string? Flat { get; } = Join($" {sign} ", operands);

    protected override void WriteBroken(CodeLines lines)
    {
        operands[0].WriteTo(lines);
        lines.Indent++;
        foreach (var operand in operands.Skip(1))
        {
            lines.Break();
            lines.Append($"{sign} ");
            operand.WriteTo(lines);
        }

        lines.Indent--;
    }
}
