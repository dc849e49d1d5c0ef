namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>What stands in braces behind a <c>new</c>, a <c>with</c> or a member of an initializer.</summary>
internal sealed class CodeInitializer(Code head, IReadOnlyList<Code> members) : Code
{
    public override string? Flat { get; } =
        head.Flat is { } name && Join(", ", members) is { } inside ? $"{name} {{ {inside} }}" : null;

    public override bool Hugs => true;

    protected override void WriteBroken(CodeLines lines)
    {
        head.WriteTo(lines);
        lines.Break();
        lines.Append("{");
        lines.Indent++;
        foreach (var member in members)
        {
            lines.Break();
            member.WriteTo(lines);
            lines.Append(",");
        }

        lines.Indent--;
        lines.Break();
        lines.Append("}");
    }
}
