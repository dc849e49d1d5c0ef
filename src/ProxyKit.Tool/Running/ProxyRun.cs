using System.Globalization;
using Microsoft.Extensions.Logging;
using ProxyKit.Runtime;
using ProxyKit.Tool.Checking;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tool.Running;

/// <summary>Runs a configuration until a signal ends it.</summary>
internal sealed class ProxyRun(CommandLine line, MessageWriter messages, Proxy proxy, Signals signals)
{
    private readonly ServiceManager _manager = ServiceManager.Find(line.NotifiesServiceManager);

    /// <summary>Reads the configuration, runs it, and says how it ended.</summary>
    public static async Task<int> RunAsync(CommandLine line, MessageWriter messages)
    {
        SocketTransport.UseEventLoops();
        using var signals = new Signals(); // from here on: what comes meanwhile is not lost
        foreach (var notice in line.Notices)
        {
            messages.Notice(notice);
        }

        if (ConfigurationLoader.Load(line, messages, out _) is not { } options)
        {
            return ExitCodes.Failed;
        }

        // From here on clients are served, who wait for nobody that reads what is said about them.
        var errors = new OutputQueue(Console.OpenStandardError(), "error output", messages.Warning);
        var output = new OutputQueue(Console.OpenStandardOutput(), "output", messages.Warning);
        messages.Use(errors);
        await using (errors.ConfigureAwait(false))
        await using (output.ConfigureAwait(false))
        {
            using var loggers = new MessageLoggers(messages, line.IsDebug ? LogLevel.Debug : line.IsVerbose ? LogLevel.Information : LogLevel.Warning);
            var proxy = Proxy.Create(options, new ProxyEnvironment
            {
                AccessLog = output,
                LoggerFactory = loggers,
                Transport = line.SharesAddresses && OperatingSystem.IsLinux() ? new SharedAddresses() : null,
            });
            await using (proxy.ConfigureAwait(false))
            {
                return await new ProxyRun(line, messages, proxy, signals).RunAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<int> RunAsync()
    {
        if (!await TryStartAsync().ConfigureAwait(false))
        {
            return ExitCodes.Failed;
        }

        OldProcesses.SendAway(line, messages);
        _manager.Ready();
        if (line.IsMasterWorker)
        {
            messages.Notice("Loading success.");
        }

        return await ServeAsync().ConfigureAwait(false);
    }

    private async Task<bool> TryStartAsync()
    {
        try
        {
            // Before clients are waited for: from then on, the addresses of a process that this one replaces are not given back to it.
            if (line.PidFile is { } file)
            {
                PidFile.Try(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            messages.Alert($"Cannot create pidfile {line.PidFile} : {e.Message}");
            return false;
        }

        try
        {
            await proxy.StartAsync().ConfigureAwait(false);
        }
        catch (ListenException e)
        {
            messages.Alert($"Binding failed : {e.Message}");
            messages.Alert("Some addresses could not be listened on! Exiting.");
            return false;
        }
        catch (Exception e) when (e is IOException or ProxyConfigurationException)
        {
            messages.Alert(e.Message); // a journal another process has, or a file that was there at the check and is gone at the start
            return false;
        }

        await WritePidFileAsync().ConfigureAwait(false);
        return true;
    }

    private async Task WritePidFileAsync()
    {
        try
        {
            if (line.PidFile is { } file)
            {
                await PidFile.WriteAsync(file).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            messages.Warning($"Cannot write pidfile {line.PidFile} : {e.Message}"); // clients are served already
        }
    }

    /// <summary>Does what signals say. A reload may take as long as names take to be looked up; the next signal is heard meanwhile.</summary>
    private async Task<int> ServeAsync()
    {
        using var ending = new CancellationTokenSource();
        var reloads = new Reloads(TryReloadAsync, messages, _manager);
        Task? finishing = null;
        while (true)
        {
            var signal = signals.NextAsync();
            if (finishing is not null && await Task.WhenAny(finishing, signal).ConfigureAwait(false) == finishing)
            {
                await finishing.ConfigureAwait(false);
                return ExitCodes.Done;
            }

            switch (await signal.ConfigureAwait(false))
            {
                case Signal.Finish:
                    finishing ??= FinishAsync(ending.Token);
                    break;
                case Signal.Reload when finishing is null:
                    _ = reloads.Begin(); // says itself how it ends
                    break;
                case Signal.Reload:
                    messages.Warning("The process is leaving: the configuration is not read again.");
                    break;
                case var last:
                    _manager.Stopping();
                    await ending.CancelAsync().ConfigureAwait(false); // the proxy is disposed by whoever made it
                    return line.IsMasterWorker ? ExitCodes.Done // what HAProxy's master returns
                        : last == Signal.Interrupt ? ExitCodes.Interrupted : ExitCodes.Terminated;
            }
        }
    }

    private Task FinishAsync(CancellationToken cancellationToken)
    {
        _manager.Stopping();
        messages.Warning(string.Create(
            CultureInfo.InvariantCulture, $"Stopping: no more clients are accepted, {proxy.Connections} connection(s) are left."));
        return proxy.StopAsync(cancellationToken);
    }

    private async Task<bool> TryReloadAsync()
    {
        if (ConfigurationLoader.Load(line, messages, out _) is not { } options)
        {
            return false;
        }

        try
        {
            await proxy.ReloadAsync(options).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is IOException or ProxyConfigurationException)
        {
            messages.Alert(e is ListenException ? $"Binding failed : {e.Message}" : e.Message);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false; // told to leave meanwhile
        }
    }
}
