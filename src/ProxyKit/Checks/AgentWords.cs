using System.Globalization;
using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>What an agent says in one line: words in any order, the last one of each kind counts; behind <c>#</c> comes a text for people.</summary>
internal sealed class AgentWords
{
    private string? _weight, _limit;

    /// <summary>What it decides about the server; null for nothing.</summary>
    public ServerMode? Admin { get; private set; }

    /// <summary>How it says the server is; null for nothing.</summary>
    public bool? IsUp { get; private set; }

    /// <summary>What logs say of it.</summary>
    public string? Info { get; private set; }

    /// <summary>What is wrong with the line; null for nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads a line without its end.</summary>
    public static AgentWords Parse(string line)
    {
        var words = new AgentWords();
        var mark = line.IndexOf('#', StringComparison.Ordinal);
        var description = mark < 0 ? "" : line[(mark + 1)..].Trim();
        foreach (var word in (mark < 0 ? line : line[..mark]).Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            words.Take(word, description);
        }

        return words;
    }

    /// <summary>Has the server take as much work as the line says.</summary>
    /// <returns>What was wrong with that; null for nothing.</returns>
    public string? ApplyWork(ServerState server)
    {
        var fault = _weight is null ? null : ApplyWeight(server, _weight);
        if (_limit is not null)
        {
            if (int.TryParse(_limit, NumberStyles.None, CultureInfo.InvariantCulture, out var most))
            {
                server.SetMaxConnections(most);
            }
            else
            {
                fault = "maxconn: a number is needed";
            }
        }

        return fault;
    }

    private static string? ApplyWeight(ServerState server, string text) => server.Backend.Current is not { } backend ? null // not in use yet
        : ServerWeight.TrySet(backend, server.Current, text, out var fault) ? null
        : fault;

    private void Take(string word, string description)
    {
        if (Is(word, "ready"))
        {
            Admin = ServerMode.Ready;
        }
        else if (Is(word, "drain"))
        {
            Admin = ServerMode.Drain;
        }
        else if (Is(word, "maint"))
        {
            Admin = ServerMode.Maintenance;
        }
        else if (Is(word, "up"))
        {
            SetHealth(true, word, description);
        }
        else if (Is(word, "down") || Is(word, "stopped") || Is(word, "fail"))
        {
            SetHealth(false, word, description);
        }
        else if (word.StartsWith("weight:", StringComparison.OrdinalIgnoreCase))
        {
            _weight = word[7..];
        }
        else if (word.StartsWith("maxconn:", StringComparison.OrdinalIgnoreCase))
        {
            _limit = word[8..];
        }
        else if (word.EndsWith('%') && char.IsAsciiDigit(word[0]))
        {
            _weight = word;
        }
        else
        {
            Fault = CheckText.Of($"agent reports an error : {word}");
        }
    }

    private void SetHealth(bool isUp, string word, string description)
    {
        IsUp = isUp;
        Info = CheckText.Of($"via agent : {word}{(description.Length > 0 ? $" ({description})" : "")}");
    }

    private static bool Is(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
}
