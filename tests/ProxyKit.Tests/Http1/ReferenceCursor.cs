namespace ProxyKit.Tests.Http1;

/// <summary>
/// Reads a message character by character, slowly and simply, to check the real parsers against. It stands for the rules, not for how to
/// follow them: no state survives a call, a message that goes on is read again from its start.
/// </summary>
internal sealed class ReferenceCursor(string wire, int start, int limit)
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    private readonly int _end = (int)Math.Min((long)start + limit, int.MaxValue);

    /// <summary>Ends the reading: with a status, or with 0 for a message that is not finished.</summary>
    public sealed class Stop(int status) : Exception
    {
        public int Status => status;
    }

    public int Position { get; private set; } = start;

    public int StatusWhenTooLong { get; set; } = 431;

    public static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || TokenMarks.Contains(c, StringComparison.Ordinal);

    public static bool IsBlank(char c) => c is ' ' or '\t';

    public static string Trim(string value) => value.Trim(' ', '\t');

    public char Peek() =>
        Position >= _end ? throw new Stop(StatusWhenTooLong)
        : Position >= wire.Length ? throw new Stop(0)
        : wire[Position];

    public char Next()
    {
        var c = Peek();
        Position++;
        return c;
    }

    public string While(Func<char, bool> condition)
    {
        var from = Position;
        while (condition(Peek()))
        {
            Position++;
        }

        return wire[from..Position];
    }

    /// <summary>Reads CR LF, or LF; returns as many spaces.</summary>
    public string LineEnd()
    {
        var from = Position;
        var c = Next();
        if (c == '\r')
        {
            c = Next();
        }

        if (c != '\n')
        {
            throw new Stop(400);
        }

        return new string(' ', Position - from);
    }

    /// <summary>Reads field lines and the empty line behind them.</summary>
    public List<(string Name, string Value)> Fields(int max)
    {
        var fields = new List<(string Name, string Value)>();
        var lastRaw = "";
        while (Peek() is not ('\r' or '\n'))
        {
            if (IsBlank(Peek()) && fields.Count > 0)
            {
                lastRaw += Value();
                fields[^1] = (fields[^1].Name, Trim(lastRaw));
                continue;
            }

            var name = While(IsToken);
            if (name.Length == 0 || Next() != ':')
            {
                throw new Stop(400);
            }

            lastRaw = Value();
            fields.Add((name, Trim(lastRaw)));
            if (fields.Count > max)
            {
                throw new Stop(400);
            }
        }

        LineEnd();
        return fields;
    }

    /// <summary>Reads a value; its line end counts as blanks, as it does when a fold follows.</summary>
    private string Value() => While(c => c is '\t' or >= ' ' and not '\x7f') + LineEnd();
}
