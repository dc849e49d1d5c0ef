using ProxyKit.Tool.Checking;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.CSharp;

/// <summary>Prints a configuration as C#: <c>proxykit csharp</c>.</summary>
internal static class CSharpOutput
{
    /// <summary>Reads the configuration and writes it.</summary>
    public static int Write(CommandLine line, MessageWriter messages, TextWriter output)
    {
        if (ConfigurationLoader.Load(line, messages, out _) is not { } options)
        {
            return ExitCodes.Failed;
        }

        var files = string.Join(", ", line.Files.Select(static f => Path.GetFileName(Path.TrimEndingDirectorySeparator(f))));
        var text = ProxyWriter.Write(options, $"{files} as C#, written by proxykit csharp", out var faults);
        foreach (var fault in faults)
        {
            messages.Alert($"config : {fault} cannot be written as C#.");
        }

        if (faults.Count > 0)
        {
            return ExitCodes.Failed;
        }

        output.Write(text);
        return ExitCodes.Done;
    }
}
