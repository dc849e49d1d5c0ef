namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>Statements in braces, behind the arrow of a lambda; an empty one is an empty line.</summary>
internal sealed class CodeBlock(string head, params IReadOnlyList<Code> statements) : Code
{
    public override string? Flat => null;

    public override bool Hugs => true;

    protected override void WriteBroken(CodeLines lines)
    {
        lines.Append(head);
        lines.Break();
        lines.Append("{");
        lines.Indent++;
        foreach (var statement in statements)
        {
            lines.Break();
            statement.WriteTo(lines);
            lines.Append(statement.Flat?.Length == 0 ? "" : ";");
        }

        lines.Indent--;
        lines.Break();
        lines.Append("}");
    }
}
