using System.Diagnostics;
using System.Globalization;

namespace ProxyKit.Tool.Tests;

/// <summary>A running <c>proxykit</c>: the built program in a process of its own, with what it has written so far.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new(); // guards the lines and the change
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private TaskCompletionSource _changed = NewChange();

    private ToolProcess(ProcessStartInfo start, bool isRead = true)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        if (isRead)
        {
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }
    }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public static ToolProcess Start(params string[] arguments) => Start([], arguments);

    public static ToolProcess Start(Dictionary<string, string> environment, string[] arguments) =>
        new(StartOf("dotnet", ["exec", Tool, .. arguments], environment));

    /// <summary>Starts one whose outputs nobody reads.</summary>
    public static ToolProcess StartUnread(Dictionary<string, string> environment, string[] arguments) =>
        new(StartOf("dotnet", ["exec", Tool, .. arguments], environment), isRead: false);

    /// <summary>Starts one whose outputs are where a shell puts them: <c>2&gt;/dev/full</c>.</summary>
    public static ToolProcess StartInShell(Dictionary<string, string> environment, string redirection, string[] arguments) =>
        new(StartOf("sh", ["-c", $"exec dotnet exec \"$@\" {redirection}", "sh", Tool, .. arguments], environment));

    private static string Tool => Path.Combine(AppContext.BaseDirectory, "ProxyKit.Tool.dll");

    private static ProcessStartInfo StartOf(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("NOTIFY_SOCKET");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return (await process.ExitAsync(), process.Output, process.Errors);
    }

    /// <summary>Waits for its end, and for all that it wrote.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync($"the process to leave; it said:\n{Errors}");
        return _process.ExitCode;
    }

    /// <summary>Waits until it has said something on its error output so many times.</summary>
    public async Task SaysAsync(string text, int times = 1)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_errors.Count(line => line.Contains(text, StringComparison.Ordinal)) >= times)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.InTimeAsync($"the process to say \"{text}\"; it said:\n{Errors}");
        }
    }

    /// <summary>Waits until it listens, which it tells with <c>-V</c>.</summary>
    public Task ListensAsync() => SaysAsync("A configuration is in force");

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Text(List<string> lines)
    {
        lock (_lock)
        {
            return string.Concat(lines.Select(static line => line + "\n"));
        }
    }

    private void Add(List<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            lines.Add(line);
            changed = _changed;
            _changed = NewChange();
        }

        changed.SetResult();
    }
}
