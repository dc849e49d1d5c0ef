namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>Pieces one behind the other; only within them can it break.</summary>
internal sealed class CodeSequence(params IReadOnlyList<Code> pieces) : Code
{
    public override string? Flat { get; } = Join("", pieces);

    public override bool Hugs => pieces[^1].Hugs;

    protected override void WriteBroken(CodeLines lines)
    {
        foreach (var piece in pieces)
        {
            piece.WriteTo(lines);
        }
    }
}
