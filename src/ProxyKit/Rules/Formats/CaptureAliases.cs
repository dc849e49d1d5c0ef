namespace ProxyKit.Rules.Formats;

/// <summary>What the frontend has captured. Where it captures nothing, nothing stands for it in the line.</summary>
internal static class CaptureAliases
{
    public static readonly FormatAlias[] All =
    [
        new("hr", static (scoped in f, ref w) => Braces(ref w, f.Context.RequestCaptures, RequestSlots(f))),
        new("hs", static (scoped in f, ref w) => Braces(ref w, f.Context.ResponseCaptures, ResponseSlots(f))),
        new("hrl", static (scoped in f, ref w) => List(ref w, f.Context.RequestCaptures, RequestSlots(f))),
        new("hsl", static (scoped in f, ref w) => List(ref w, f.Context.ResponseCaptures, ResponseSlots(f))),
    ];

    private static int RequestSlots(scoped in FormatFacts facts) => facts.Context.Frontend?.Captures.RequestSlots ?? 0;

    private static int ResponseSlots(scoped in FormatFacts facts) => facts.Context.Frontend?.Captures.ResponseSlots ?? 0;

    private static void Braces(ref FormatWriter writer, CaptureSet captures, int slots)
    {
        if (slots == 0)
        {
            writer.Vanish();
            return;
        }

        writer.OpenText(TextKind.Captured);
        writer.Sign((byte)'{');
        for (var i = 0; i < slots; i++)
        {
            if (i > 0)
            {
                writer.Sign((byte)'|');
            }

            if (captures.TryGet(i, out var text))
            {
                writer.Piece(text);
            }
        }

        writer.Sign((byte)'}');
        writer.CloseText();
    }

    private static void List(ref FormatWriter writer, CaptureSet captures, int slots)
    {
        if (slots == 0)
        {
            writer.Vanish();
            return;
        }

        writer.OpenList();
        for (var i = 0; i < slots; i++)
        {
            captures.TryGet(i, out var text);
            writer.Element(text, isFirst: i == 0);
        }

        writer.CloseList();
    }
}
