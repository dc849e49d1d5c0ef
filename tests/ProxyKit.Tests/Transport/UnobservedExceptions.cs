using System.Collections.Concurrent;

namespace ProxyKit.Tests.Transport;

/// <summary>Collects the exceptions of tasks that nobody looked at.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<Exception> _found = new();

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    public void AssertNone()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Other tests run beside this one: only what comes from the product counts.
        Assert.DoesNotContain(_found, e => e.ToString().Contains("ProxyKit.Transport", StringComparison.Ordinal));
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e) => _found.Enqueue(e.Exception);
}
