namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>Code with a remark behind its last line.</summary>
internal sealed class CodeComment(Code code, string comment) : Code
{
    public override string? Flat => null;

    /// <summary>The code, with a remark where there is one.</summary>
    public static Code Of(Code code, string? comment) => comment is null ? code : new CodeComment(code, comment);

    protected override void WriteBroken(CodeLines lines)
    {
        code.WriteTo(lines);
        lines.Comment(comment);
    }
}
