namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>Calls one behind the other, each on what the one before it returns.</summary>
/// <param name="head">What the first one is called on.</param>
/// <param name="calls">The calls, each with its dot.</param>
internal sealed class CodeChain(Code head, IReadOnlyList<Code> calls) : Code
{
    public override string? Flat { get; } = Join("", [head, .. calls]);

    /// <summary>Whether the head is a lambda's.</summary>
    public override bool Hugs { get; } = head.Flat?.Contains("=>", StringComparison.Ordinal) == true;

    protected override void WriteBroken(CodeLines lines)
    {
        head.WriteTo(lines);
        lines.Indent++;
        foreach (var call in calls)
        {
            lines.Break();
            call.WriteTo(lines);
        }

        lines.Indent--;
    }
}
