using ProxyKit.Tool.CSharp;
using ProxyKit.Tool.Checking;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Explaining;
using ProxyKit.Tool.Messages;
using ProxyKit.Tool.Metering;
using ProxyKit.Tool.Running;

namespace ProxyKit.Tool;

/// <summary>The <c>proxykit</c> command.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (!CommandLineParser.TryParse(arguments, out var line, out var fault))
        {
            return Refuse(fault);
        }

        var messages = new MessageWriter(Console.Error, line.IsQuiet);
        if (line.Directory is { } directory && !Enter(directory, messages))
        {
            return ExitCodes.Failed;
        }

        try
        {
            return await RunAsync(line, messages).ConfigureAwait(false);
        }
        catch (IOException e) when (line.Purpose != Purpose.Run) // what asks for a text has failed where it cannot be written
        {
            messages.Alert($"Cannot write the output : {e.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> RunAsync(CommandLine line, MessageWriter messages)
    {
        switch (line.Purpose)
        {
            case Purpose.ShowHelp:
                await Console.Out.WriteAsync(Usage.Text).ConfigureAwait(false);
                return ExitCodes.Done;
            case Purpose.ShowVersion:
                await Console.Out.WriteAsync(ToolVersion.Text).ConfigureAwait(false);
                return ExitCodes.Done;
            case Purpose.ShowBuild:
                await Console.Out.WriteAsync(ToolVersion.BuildText).ConfigureAwait(false);
                return ExitCodes.Done;
            case Purpose.EvaluateCondition:
                return ConditionCheck.Evaluate(line.Condition, messages);
            case Purpose.Explain:
                return RequestExplanation.Write(line, line.Explain!, messages, Console.Out); // the verb came with it
            case Purpose.Usage:
                return await UsageReport.RunAsync(line.Usage!, messages, Console.Out).ConfigureAwait(false); // the verb came with it
            case Purpose.Check:
                return ConfigurationCheck.Check(line, messages, Console.Out);
            case Purpose.WriteCSharp:
                return CSharpOutput.Write(line, messages, Console.Out);
            default:
                return await ProxyRun.RunAsync(line, messages).ConfigureAwait(false);
        }
    }

    private static int Refuse(string? fault)
    {
        if (fault is not null)
        {
            new MessageWriter(Console.Error, isQuiet: false).Alert(fault);
            return ExitCodes.Failed;
        }

        try
        {
            Console.Out.Write(ToolVersion.Text);
            Console.Error.Write(Usage.Text);
        }
        catch (IOException)
        {
            // A full disk costs the words; the exit code says the same.
        }

        return ExitCodes.Failed;
    }

    private static bool Enter(string directory, MessageWriter messages)
    {
        try
        {
            Directory.SetCurrentDirectory(directory);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            messages.Alert($"Could not change to directory {directory} : {e.Message}");
            return false;
        }
    }
}
