namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>Code in brackets behind something: the arguments of a call, the elements of a collection.</summary>
internal sealed class CodeList(Code head, char open, char close, IReadOnlyList<Code> items) : Code
{
    public override string? Flat { get; } =
        head.Flat is { } name && Join(", ", items) is { } inside ? $"{name}{open}{inside}{close}" : null;

    public static CodeList Call(Code head, params IReadOnlyList<Code> arguments) => new(head, '(', ')', arguments);

    public static CodeList Collection(IReadOnlyList<Code> elements) => new("", '[', ']', elements);

    protected override void WriteBroken(CodeLines lines)
    {
        head.WriteTo(lines);
        lines.Append(open.ToString());
        if (items is [.., { Hugs: true } last] && Join(", ", items.SkipLast(1)) is { } before && lines.HasRoomFor(before))
        {
            lines.Append(before.Length > 0 ? before + ", " : "");
            last.WriteTo(lines);
        }
        else
        {
            lines.Indent++;
            foreach (var (i, item) in items.Index())
            {
                lines.Break();
                item.WriteTo(lines);
                lines.Append(i + 1 < items.Count ? "," : "");
            }

            lines.Indent--;
        }

        lines.Append(close.ToString());
    }
}
