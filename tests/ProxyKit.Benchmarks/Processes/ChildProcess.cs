using System.Diagnostics;
using System.Text;

namespace ProxyKit.Benchmarks.Processes;

/// <summary>A program started by the comparison, ended with it, and asked by a line on its standard input.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int MaxKeptErrorChars = 8 * 1024;

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static ChildProcess Start(LaunchCommand command)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Measured as a normal application runs: no setting of this process's own environment reaches the runtime of a child.
        foreach (var name in start.Environment.Keys.Where(IsRuntimeSetting).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.ErrorDataReceived += (_, e) => child.KeepError(e.Data);
        child._process.Start();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(LaunchCommand command, CancellationToken cancellation)
    {
        await using var child = Start(command);
        var output = await child.ReadToEndAsync("", cancellation);
        return child._process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{command.FileName} {string.Join(' ', command.Arguments)} failed: {child.Errors}{output}");
    }

    /// <summary>Runs a command to its end, whatever code that has.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    public static async Task<string> RunAnywayAsync(LaunchCommand command, string input, CancellationToken cancellation)
    {
        await using var child = Start(command);
        return await child.ReadToEndAsync(input, cancellation);
    }

    /// <summary>Sends a line and waits for the line that answers it.</summary>
    public async Task<string> AskAsync(string question, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(question.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        return await _process.StandardOutput.ReadLineAsync(cancellation)
            ?? throw new InvalidOperationException($"No answer to '{question}': {Errors}");
    }

    /// <exception cref="InvalidOperationException">The process has ended, which nobody asked of it.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[^1]} ended by itself: {Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    private async Task<string> ReadToEndAsync(string input, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        _process.StandardInput.Close();
        var output = await _process.StandardOutput.ReadToEndAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
        return output;
    }

    private static bool IsRuntimeSetting(string name) =>
        (name.StartsWith("DOTNET_", StringComparison.Ordinal) || name.StartsWith("COMPlus_", StringComparison.Ordinal)
            || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal))
        && !name.StartsWith("DOTNET_ROOT", StringComparison.Ordinal);

    private void KeepError(string? line)
    {
        lock (_errors)
        {
            if (line is not null && _errors.Length < MaxKeptErrorChars)
                _errors.AppendLine(line);
        }
    }
}
