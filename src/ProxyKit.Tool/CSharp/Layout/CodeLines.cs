using System.Text;

namespace ProxyKit.Tool.CSharp.Layout;

/// <summary>The lines of a file as they are written.</summary>
internal sealed class CodeLines
{
    private const int Width = 120;
    private const int SpacesPerIndent = 4;
    private const int Closing = 3; // what may have to stand behind a piece: brackets, a semicolon

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private int _indent; // of the line that is being written
    private string? _comment;

    /// <summary>How far the next line is set in.</summary>
    public int Indent { get; set; }

    public bool HasRoomFor(string text) => (_indent * SpacesPerIndent) + _line.Length + text.Length + Closing <= Width;

    public void Append(string text) => _line.Append(text);

    /// <summary>Says something behind the end of this line, whatever is still added to it.</summary>
    public void Comment(string? text) => _comment = text ?? _comment;

    /// <summary>Ends the line.</summary>
    public void Break()
    {
        if (_line.Length > 0)
        {
            _text.Append(' ', _indent * SpacesPerIndent).Append(_line);
        }

        _text.Append(_comment is null ? "" : $" // {_comment}").Append('\n');
        _line.Clear();
        _comment = null;
        _indent = Indent;
    }

    /// <summary>All that was written.</summary>
    public override string ToString()
    {
        Break();
        return _text.ToString();
    }
}
