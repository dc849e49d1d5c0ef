namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>A class with one member.</summary>
internal sealed class CodeClass(string head, Code member) : Code
{
    public override string? Flat => null;

    protected override void WriteBroken(CodeLines lines)
    {
        lines.Append(head);
        lines.Break();
        lines.Append("{");
        lines.Indent++;
        lines.Break();
        member.WriteTo(lines);
        lines.Indent--;
        lines.Break();
        lines.Append("}");
    }
}
