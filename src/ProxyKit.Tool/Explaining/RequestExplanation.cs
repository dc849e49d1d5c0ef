using ProxyKit.Rules.Explaining;
using ProxyKit.Runtime;
using ProxyKit.Tool.Checking;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Explaining;

/// <summary>Says where a request would go, and why. The verb <c>explain</c>.</summary>
internal static class RequestExplanation
{
    public static int Write(CommandLine line, ExplainWords words, MessageWriter messages, TextWriter output)
    {
        ExampleRequest request;
        try
        {
            request = words.ToRequest();
        }
        catch (FormatException e)
        {
            messages.Alert($"explain : {e.Message}.");
            return ExitCodes.Unreadable;
        }

        if (ConfigurationLoader.Load(line, messages, out _) is not { } options)
        {
            return ExitCodes.Failed;
        }

        try
        {
            var explanation = Proxy.Explain(options, request);
            if (words.WritesJson)
            {
                ExplanationJson.Write(explanation, output);
            }
            else
            {
                output.Write(explanation.ToString());
            }

            return ExitCodes.Done;
        }
        catch (FormatException e)
        {
            messages.Alert($"explain : {e.Message}.");
            return ExitCodes.Unreadable;
        }
        catch (ProxyConfigurationException e)
        {
            messages.Alert(e.Message); // a file that was there at the check is gone
            return ExitCodes.Failed;
        }
    }
}
