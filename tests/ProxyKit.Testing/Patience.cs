using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace ProxyKit.Testing;

/// <summary>How long a test waits for what should come at once: then it fails, and does not hang.</summary>
public static class Patience
{
    /// <summary>A minute, which a busy machine may need and nothing else does.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(Debugger.IsAttached ? 3600 : 60);

    /// <summary>Waits for a task, but not for ever.</summary>
    public static async Task InTimeAsync(this Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        if (!task.IsCompleted && await Task.WhenAny(task, Task.Delay(Limit)) != task)
        {
            Assert.Fail($"{Limit.TotalSeconds} s passed while waiting for {what}");
        }

        await task;
    }

    /// <summary>Waits for a task, but not for ever.</summary>
    public static async Task<T> InTimeAsync<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await InTimeAsync((Task)task, what);
        return await task;
    }

    /// <summary>Waits for a task, but not for ever.</summary>
    public static Task<T> InTimeAsync<T>(this ValueTask<T> task, [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().InTimeAsync(what);
}
