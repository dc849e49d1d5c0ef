using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ProxyKit.Testing;

/// <summary>Lets the pool have more threads at once than a small machine has processors: a test may block one where it waits, and others are not to
/// wait for half a second then until the pool takes notice.</summary>
internal static class RoomForThreads
{
    private const int Least = 16;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It is for the process, and processes that have this assembly run tests.")]
    internal static void Make()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Least), ports);
    }
}
