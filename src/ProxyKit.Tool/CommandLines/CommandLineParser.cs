using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProxyKit.Tool.CommandLines;

/// <summary>Reads HAProxy's command line, and the verbs of our own.</summary>
/// <remarks>Its grammar is not that of GNU tools: flags have one dash and several letters (<c>-db</c>, <c>-sf</c>), values are words of their own,
/// some lists end at the next flag. That is why no library reads it.</remarks>
internal sealed class CommandLineParser
{
    private readonly string[] _words;
    private readonly CommandLine _line = new();
    private int _next;
    private bool _isBackground;
    private bool _isForeground;

    private CommandLineParser(string[] words) => _words = words;

    /// <summary>Reads a command line.</summary>
    /// <param name="words">The words behind the program's name.</param>
    /// <param name="line">What they say.</param>
    /// <param name="fault">What is wrong with them; null where they are not understood at all and it is best to show what may be written.</param>
    public static bool TryParse(string[] words, [NotNullWhen(true)] out CommandLine? line, out string? fault)
    {
        var parser = new CommandLineParser(words);
        try
        {
            parser.Parse();
            line = parser._line;
            fault = null;
            return true;
        }
        catch (CommandLineException e)
        {
            line = null;
            fault = e.Fault;
            return false;
        }
    }

    private void Parse()
    {
        if (_words is ["usage", ..])
        {
            if (_words.Contains("--help", StringComparer.Ordinal))
            {
                _line.Purpose = Purpose.ShowHelp;
                return;
            }

            _line.Purpose = Purpose.Usage; // its flags are its own
            _line.Usage = UsageWords.Parse(_words.AsSpan(1));
            return;
        }

        var isVerb = TakeVerb();

        while (_next < _words.Length)
        {
            var word = _words[_next++];
            if (_line.Explain?.TryTake(word, Value) == true)
            {
                continue;
            }

            if (word == "--")
            {
                Array.ForEach(_words[_next..], TakeWord);
                _next = _words.Length;
            }
            else if (word.StartsWith('-') && word.Length > 1)
            {
                ParseFlag(word);
            }
            else if (isVerb)
            {
                TakeWord(word);
            }
            else
            {
                throw new CommandLineException();
            }

            if (_line.Purpose is Purpose.ShowVersion or Purpose.ShowBuild or Purpose.ShowHelp)
            {
                return; // whatever else was written
            }
        }

        if ((_line.Files.Count == 0 && _line.Purpose != Purpose.EvaluateCondition) || _line.Explain is { Request: null })
        {
            throw new CommandLineException();
        }

        _line.IsVerbose |= isVerb && _line.Explain is null && !_line.IsQuiet; // who asks in words wants an answer
        if (_isBackground && !_isForeground)
        {
            _line.Notices.Add("'-D' runs in the foreground: a .NET process cannot fork. Let a service manager start it.");
        }
    }

    private bool TakeVerb()
    {
        switch (_words)
        {
            case ["check", ..]:
                _line.Purpose = Purpose.Check;
                break;
            case ["csharp", ..]:
                _line.Purpose = Purpose.WriteCSharp;
                break;
            case ["explain", ..]:
                _line.Purpose = Purpose.Explain;
                _line.Explain = new ExplainWords();
                break;
            default:
                return false;
        }

        _next = 1;
        return true;
    }

    /// <summary>A word that is no flag: a file, but for the last one of <c>explain</c>, which is the request.</summary>
    private void TakeWord(string word)
    {
        if (_line.Explain is not { } explain)
        {
            _line.Files.Add(word);
            return;
        }

        if (explain.Request is { } file)
        {
            _line.Files.Add(file);
        }

        explain.Request = word;
    }

    private void ParseFlag(string flag)
    {
        switch (flag)
        {
            case "-f":
                _line.Files.Add(Value());
                break;
            case "-c":
                _line.Purpose = _line.Purpose == Purpose.EvaluateCondition ? _line.Purpose : Purpose.Check;
                break;
            case "-cc":
                _line.Purpose = Purpose.EvaluateCondition;
                _line.Condition = Value();
                break;
            case "-v":
                _line.Purpose = Purpose.ShowVersion;
                break;
            case "-vv":
                _line.Purpose = Purpose.ShowBuild;
                break;
            case "--help":
                _line.Purpose = Purpose.ShowHelp;
                break;
            case "-C":
                _line.Directory = Value();
                break;
            case "-L":
                _line.LocalPeer = Value();
                break;
            case "-p":
                _line.PidFile = Value();
                break;
            case "-n":
                _line.MaxConnections = Count(flag);
                break;
            case "-N":
                _line.ProxyMaxConnections = Count(flag);
                break;
            case "-m":
                Count(flag);
                _line.Notices.Add("'-m' is left to the runtime: set DOTNET_GCHeapHardLimit to limit the memory of a .NET process.");
                break;
            case "-sf" or "-st":
                _line.TerminatesOldProcesses = flag == "-st";
                ReadProcesses(flag);
                break;
            case "-S":
                throw new CommandLineException("'-S' is not supported yet: there is no master process, and no command line of one.");
            case "-x":
                throw new CommandLineException("'-x' is not supported yet: listening sockets cannot be fetched from another process. "
                    + "With '-sf' both processes listen until the old one is told to leave.");
            default:
                ParseMode(flag);
                break;
        }
    }

    private void ParseMode(string flag)
    {
        switch (flag)
        {
            case "-V":
                _line.IsVerbose = true;
                break;
            case "-q":
                _line.IsQuiet = true;
                break;
            case "-D":
                _isBackground = true;
                break;
            case "-W" or "-Ws":
                _line.IsMasterWorker = true;
                _line.NotifiesServiceManager |= flag == "-Ws";
                break;
            case "-d":
                _line.IsDebug = true;
                _isForeground = true;
                break;
            case "-db":
                _isForeground = true;
                break;
            case "-dW":
                _line.RefusesWarnings = true;
                break;
            case "-dD":
                _line.ShowsDiagnostics = true;
                break;
            case "-dV":
                _line.VerifiesServers = false;
                break;
            case "-dr":
                _line.ResolvesNames = false;
                break;
            case "-dR":
                _line.SharesAddresses = false;
                break;
            default:
                ParseInternals(flag);
                break;
        }
    }

    /// <summary>What steers the insides of HAProxy, some with a value in the same word.</summary>
    private void ParseInternals(string flag)
    {
        if (flag.StartsWith("-dC", StringComparison.Ordinal))
        {
            throw new CommandLineException("'-dC' is not supported yet: the configuration cannot be dumped.");
        }

        if (flag.Length < 3 || flag[1] != 'd' || !"aeFGIKLMSTZkpstv".Contains(flag[2], StringComparison.Ordinal)
            || (flag.Length > 3 && !"KMTt".Contains(flag[2], StringComparison.Ordinal)))
        {
            throw new CommandLineException();
        }

        _line.Notices.Add($"'{flag}' is about the insides of HAProxy and means nothing here.");
    }

    private string Value() => _next < _words.Length ? _words[_next++] : throw new CommandLineException();

    private int Count(string flag)
    {
        var text = Value();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new CommandLineException($"'{flag}' expects a number of 1 or more, got '{text}'.");
    }

    /// <summary>Numbers up to the next flag, also several in one word: <c>-sf "$(cat pids)"</c>. There may be none: no process was left to replace.</summary>
    private void ReadProcesses(string flag)
    {
        for (; _next < _words.Length && !_words[_next].StartsWith('-'); _next++)
        {
            foreach (var text in _words[_next].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                _line.OldProcesses.Add(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
                    ? id
                    : throw new CommandLineException($"{flag} option: '{text}' is no process in the list '{_words[_next]}'."));
            }
        }
    }
}
