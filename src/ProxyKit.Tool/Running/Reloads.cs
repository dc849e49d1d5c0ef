using System.Diagnostics.CodeAnalysis;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Running;

/// <summary>Has the configuration read again as often as somebody asks for it, one time after the other, and says what came of each.</summary>
/// <param name="reload">Reads it and puts it to use; false, having said why, where it is not used.</param>
/// <param name="messages">Who is told what came of it.</param>
/// <param name="manager">Who is told when it begins and ends.</param>
internal sealed class Reloads(Func<Task<bool>> reload, MessageWriter messages, ServiceManager manager)
{
    private Task _last = Task.CompletedTask;

    /// <summary>Begins once those before have ended. For one thread at a time.</summary>
    /// <returns>When it has ended; it does not fail.</returns>
    public Task Begin() => _last = RunAsync(_last);

    [SuppressMessage("Design", "CA1031", Justification = "Here a background loop begins: whatever fails leaves the running configuration, and is told.")]
    private async Task RunAsync(Task before)
    {
        await before.ConfigureAwait(false);
        manager.Reloading();
        messages.Notice("Reloading the configuration.");
        var isInUse = false;
        try
        {
            isInUse = await Task.Run(reload).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            messages.Alert($"The configuration could not be read again : {e}"); // all of it: nobody knows this fault yet
        }

        if (isInUse)
        {
            messages.Notice("Loading success.");
        }
        else
        {
            messages.Warning("Loading failure! The running configuration goes on.");
        }

        manager.Ready();
    }
}
