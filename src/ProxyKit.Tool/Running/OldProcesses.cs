using System.Runtime.InteropServices;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Running;

/// <summary>Sends the processes away that this one takes the place of. HAProxy: <c>-sf</c>, <c>-st</c>.</summary>
internal static class OldProcesses
{
    public static void SendAway(CommandLine line, MessageWriter messages)
    {
        foreach (var process in line.OldProcesses)
        {
            if (OperatingSystem.IsWindows())
            {
                messages.Warning($"Process {process} was told nothing: there are no signals on this system.");
            }
            else if (LibC.Kill(process, line.TerminatesOldProcesses ? Signals.Terminate : Signals.Finish) != 0)
            {
                messages.Warning($"Process {process} could not be told to leave : {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }
}
