namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>A lambda of one parameter with one expression.</summary>
internal sealed class CodeLambda(string parameter, Code body) : Code
{
    public override string? Flat { get; } = Join("", [$"{parameter} => ", body]);

    public override bool Hugs => true;

    protected override void WriteBroken(CodeLines lines)
    {
        lines.Append($"{parameter} => ");
        body.WriteTo(lines);
    }
}
