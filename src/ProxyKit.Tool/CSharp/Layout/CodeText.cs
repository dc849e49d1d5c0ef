namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>Code without a place to break: a literal, a name.</summary>
internal sealed class CodeText(string text) : Code
{
    public override string Flat => text;

    protected override void WriteBroken(CodeLines lines) => lines.Append(text);
}
