using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Checking;

/// <summary>Says whether a configuration can be used. HAProxy: <c>-c</c>.</summary>
internal static class ConfigurationCheck
{
    public static int Check(CommandLine line, MessageWriter messages, TextWriter output)
    {
        if (ConfigurationLoader.Load(line, messages, out var hasWarnings) is null)
        {
            return ExitCodes.Failed;
        }

        if (line.IsVerbose)
        {
            Tell(output, hasWarnings);
        }

        return ExitCodes.Done;
    }

    private static void Tell(TextWriter output, bool hasWarnings)
    {
        try
        {
            if (hasWarnings)
            {
                output.WriteLine("Warnings were found.");
            }

            output.WriteLine("Configuration file is valid");
        }
        catch (IOException)
        {
            // A full disk costs the words; the exit code says the same.
        }
    }
}
