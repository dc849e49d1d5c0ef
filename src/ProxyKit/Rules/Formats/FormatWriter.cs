namespace ProxyKit.Rules.Formats;

/// <summary>Writes the values of items, each as its flags and the use of the format have it.</summary>
internal ref partial struct FormatWriter
{
    /// <summary>What was written.</summary>
    public FormatBuffer Buffer;

    private readonly FormatUse _use;
    private FormatFlags _flags;
    private FormatCast _cast;
    private TextKind _kind;

    public FormatWriter(FormatBuffer buffer, FormatUse use)
    {
        Buffer = buffer;
        _use = use;
    }

    /// <summary>Whether the last item is not there at all, and with it a blank beside it.</summary>
    public bool HasVanished { get; private set; }

    private readonly bool IsHex => (_flags & FormatFlags.Hex) != 0;

    private readonly bool IsEscaped => (_flags & FormatFlags.Escape) != 0;

    private readonly bool IsQuoted =>
        (_flags & FormatFlags.Quote) != 0
        && _kind != TextKind.Fixed
        && !(_kind == TextKind.Foreign && _use is FormatUse.Header or FormatUse.UniqueId); // as HAProxy, which quotes only facts there

    /// <summary>Goes on to another item.</summary>
    public void Begin(FormatFlags flags, FormatCast cast)
    {
        _flags = flags;
        _cast = cast;
        HasVanished = false;
    }

    /// <summary>The item prints nothing, and needs no blank.</summary>
    public void Vanish()
    {
        if (IsEncoded)
        {
            EncodeText(default);
        }

        HasVanished = true;
    }

    /// <summary>A text; where it is empty that is shown.</summary>
    public void Text(scoped ReadOnlySpan<byte> text, TextKind kind = TextKind.Name)
    {
        _kind = kind;
        if (IsEncoded)
        {
            EncodeText(text);
        }
        else if (!text.IsEmpty || IsQuoted || kind == TextKind.Part)
        {
            OpenText(kind);
            Piece(text);
            CloseText();
        }
        else if (_use == FormatUse.Log)
        {
            Buffer.Append((byte)'-');
        }
    }

    /// <summary>Begins a text of several pieces.</summary>
    public void OpenText(TextKind kind)
    {
        _kind = kind;
        if (IsEncoded)
        {
            EncodeTextStart();
        }
        else if (IsQuoted)
        {
            Buffer.Append((byte)'"');
        }
    }

    /// <summary>A piece of a text, as foreign as the text is.</summary>
    public void Piece(scoped ReadOnlySpan<byte> piece)
    {
        if (IsEncoded)
        {
            EncodePiece(piece);
        }
        else if (_kind == TextKind.Captured)
        {
            FormatText.AppendCaptured(ref Buffer, piece, IsEscaped);
        }
        else if (_kind == TextKind.Fixed)
        {
            Buffer.Append(piece);
        }
        else if (_kind is TextKind.Line or TextKind.Part)
        {
            FormatText.AppendLogged(ref Buffer, piece, IsEscaped);
        }
        else if (IsEscaped)
        {
            FormatText.AppendEscaped(ref Buffer, piece, _use == FormatUse.Log ? (byte)'#' : (byte)'%');
        }
        else if (_use == FormatUse.Log)
        {
            FormatText.AppendLogged(ref Buffer, piece, escapes: false);
        }
        else if (_use == FormatUse.Raw)
        {
            Buffer.Append(piece);
        }
        else
        {
            FormatText.AppendHeader(ref Buffer, piece);
        }
    }

    /// <summary>A piece that is the format's own: a brace, a bar.</summary>
    public void Sign(byte sign)
    {
        if (IsEncoded)
        {
            EncodePiece(new ReadOnlySpan<byte>(in sign));
        }
        else
        {
            Buffer.Append(sign);
        }
    }

    /// <summary>Ends a text of several pieces.</summary>
    public void CloseText()
    {
        if (IsEncoded)
        {
            EncodeTextEnd();
        }
        else if (IsQuoted)
        {
            Buffer.Append((byte)'"');
        }
    }
}
