using System.Globalization;

namespace ProxyKit.Benchmarks.Hosts;

/// <summary>What a host of a managed proxy answers on its standard input and output, a line each way.</summary>
internal static class HostControl
{
    /// <summary>Answered with the bytes that all threads have allocated since the process started.</summary>
    public const string Allocated = "allocated";

    /// <summary>Collects all garbage, gives free memory back to the system, and says so.</summary>
    public const string Collect = "collect";

    /// <summary>Answers until the other side has closed the input, which is the sign to end.</summary>
    /// <param name="answers">Where to answer; standard output if nothing else is said.</param>
    public static async Task AnswerAsync(TextWriter? answers = null)
    {
        answers ??= Console.Out;
        while (await Console.In.ReadLineAsync() is { } question)
            await answers.WriteLineAsync(Answer(question));
    }

    private static string Answer(string question)
    {
        if (question is Allocated)
            return GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture);
        if (question is not Collect)
            return "unknown";
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return "collected";
    }
}
