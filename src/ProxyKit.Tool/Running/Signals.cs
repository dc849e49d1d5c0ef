using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace ProxyKit.Tool.Running;

/// <summary>Keeps the signals that the process gets until somebody asks for them.</summary>
internal sealed class Signals : IDisposable
{
    private readonly Channel<Signal> _received = Channel.CreateUnbounded<Signal>();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Signals()
    {
        Register(PosixSignal.SIGINT, Signal.Interrupt);
        Register(PosixSignal.SIGTERM, Signal.Terminate);
        if (!OperatingSystem.IsWindows())
        {
            Register(PosixSignal.SIGHUP, Signal.Reload);
            Register((PosixSignal)Finish, Signal.Finish);
            Register((PosixSignal)User2, Signal.Reload);
        }
    }

    /// <summary>SIGUSR1's number; .NET knows it by that only.</summary>
    public static int Finish => OperatingSystem.IsLinux() ? 10 : 30;

    /// <summary>SIGTERM's number.</summary>
    public static int Terminate => 15;

    private static int User2 => OperatingSystem.IsLinux() ? 12 : 31;

    /// <summary>The next signal, once it comes.</summary>
    public Task<Signal> NextAsync() => _received.Reader.ReadAsync().AsTask();

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Register(PosixSignal signal, Signal meaning) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _received.Writer.TryWrite(meaning);
    }));
}
